/** A file as it stands in a mail. */
export interface Attachment {
  name: string;
  mediaType: string;
  content: Buffer;
}

const LINE_LENGTH = 76;
/** What must not be encoded in base64 as a whole (RFC 2045, 6.4), so it is sent as bytes. */
const COMPOSITE = /^(?:multipart|message)\//i;
/** Characters that need no encoding in a parameter's extended value (RFC 5987, 3.2.1). */
const PLAIN = /[A-Za-z0-9!#$&+.^_`|~-]/;
/** What one line of a long name holds, with room for the name of its parameter. */
const PIECE = 60;

/** The lines of a part that holds a file (RFC 2045, RFC 2183), its name by RFC 2231. Nothing but ASCII, whatever it is called. */
export function* attachmentLines({ name, mediaType, content }: Attachment): Generator<string> {
  yield `Content-Type: ${COMPOSITE.test(mediaType) ? 'application/octet-stream' : mediaType}`;
  yield 'Content-Transfer-Encoding: base64';
  yield ['Content-Disposition: attachment', ...nameParameters(name)].join(';\r\n ');
  yield '';
  yield* base64Lines(content);
}

/** In lines of 76 characters (RFC 2045, 6.8). */
export function* base64Lines(content: Buffer): Generator<string> {
  const bytes = (LINE_LENGTH / 4) * 3;
  for (let at = 0; at < content.length; at += bytes) yield content.toString('base64', at, at + bytes);
}

/** Bytes that a content of this size takes in a mail. */
export function encodedSize(bytes: number): number {
  return Math.ceil(bytes / 57) * (LINE_LENGTH + 2);
}

function nameParameters(name: string): string[] {
  if (/^[A-Za-z0-9 ._-]{1,60}$/.test(name)) return [`filename="${name}"`];
  const pieces: string[] = [];
  let piece = "UTF-8''";
  for (const character of name) {
    const encoded = PLAIN.test(character) && character.length === 1 ? character : percent(character);
    if (piece.length + encoded.length > PIECE) {
      pieces.push(piece);
      piece = '';
    }
    piece += encoded;
  }
  if (pieces.length === 0) return [`filename*=${piece}`];
  return [...pieces, piece].map((one, index) => `filename*${index}*=${one}`);
}

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
