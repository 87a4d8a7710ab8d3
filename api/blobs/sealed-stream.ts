import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { KEY_BYTES, SealedTextError } from '../../platform/secrets/sealed.ts';

/** What an object is bound to: one copied to another organisation or name, or under another hash, does not open. */
export interface BlobPlace {
  orgId: string;
  objectId: string;
}

export interface BlobKey {
  kid: string;
  key: Buffer;
}

const MAGIC = Buffer.from('CLB1');
const ALGORITHM = 'aes-256-gcm';
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Plain bytes of each piece but the last. */
const PIECE_BYTES = 64 * 1024;
const KID = /^[A-Za-z0-9_-]{1,64}$/;

/** Bytes of the object that `size` bytes become under a key of this id. */
export function sealedSize(size: number, kid: string): number {
  const pieces = Math.max(1, Math.ceil(size / PIECE_BYTES));
  return MAGIC.length + 1 + kid.length + SALT_BYTES + size + pieces * TAG_BYTES;
}

/**
 * Encrypts a stream in pieces: AES-256-GCM under a key of this object alone (HKDF with SHA-256 of the organisation's data
 * key and a random salt), so that counted nonces never repeat. The last piece is marked as such, so that nothing can be cut
 * off, and bound to the hash of the whole (the scheme STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
 *
 * @param sha256 asked when the content has ended; what it throws ends the stream before its last piece
 */
export async function* sealStream(
  { kid, key }: BlobKey,
  place: BlobPlace,
  content: AsyncIterable<Buffer>,
  sha256: () => string,
): AsyncGenerator<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const pieces = piecesOf(derive(key, salt, place, kid), place);
  yield Buffer.concat([MAGIC, Buffer.from([kid.length]), Buffer.from(kid), salt]);
  for await (const { piece, isLast } of inPieces(content, PIECE_BYTES)) {
    yield pieces.seal(piece, isLast ? sha256() : undefined);
  }
}

/**
 * Decrypts what {@link sealStream} made for this very place and hash. What was changed in any way rejects with
 * {@link SealedTextError} before a byte of that piece comes out.
 */
export async function* openStream(
  keyOf: (kid: string) => Promise<Buffer>,
  place: BlobPlace,
  sha256: string,
  sealed: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const source = new Bytes(sealed);
  const magic = await source.take(MAGIC.length);
  const length = (await source.take(1))[0] ?? 0;
  const kid = (await source.take(length)).toString('latin1');
  const salt = await source.take(SALT_BYTES);
  if (!magic.equals(MAGIC) || !KID.test(kid) || salt.length !== SALT_BYTES) throw new SealedTextError();
  const pieces = piecesOf(derive(await keyOf(kid), salt, place, kid), place);
  for await (const { piece, isLast } of inPieces(source.rest(), PIECE_BYTES + TAG_BYTES)) {
    yield pieces.open(piece, isLast ? sha256 : undefined);
  }
}

function derive(key: Buffer, salt: Buffer, { orgId, objectId }: BlobPlace, kid: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, `blob|${orgId}|${objectId}|${kid}`, KEY_BYTES));
}

/** Pieces in their order: each has its number in the nonce, the last one a mark, and the hash in what is authenticated. */
function piecesOf(key: Buffer, { orgId, objectId }: BlobPlace) {
  let number = 0;
  const next = (sha256: string | undefined) => {
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUInt32BE(number, NONCE_BYTES - 5);
    nonce[NONCE_BYTES - 1] = sha256 === undefined ? 0 : 1;
    number += 1;
    return { nonce, aad: Buffer.from(`blob/v1|${orgId}|${objectId}|${sha256 ?? ''}`) };
  };
  return {
    seal: (plain: Buffer, sha256: string | undefined): Buffer => {
      const { nonce, aad } = next(sha256);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad);
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed: Buffer, sha256: string | undefined): Buffer => {
      const { nonce, aad } = next(sha256);
      const end = sealed.length - TAG_BYTES;
      if (end < 0) throw new SealedTextError();
      try {
        const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad);
        decipher.setAuthTag(sealed.subarray(end));
        return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
      } catch {
        throw new SealedTextError();
      }
    },
  };
}

/** A stream in pieces of this size, the last one smaller or as large; one empty piece where there is nothing. */
async function* inPieces(content: AsyncIterable<Buffer>, size: number): AsyncGenerator<{ piece: Buffer; isLast: boolean }> {
  const source = new Bytes(content);
  let piece = await source.take(size);
  for (;;) {
    const next = piece.length < size ? Buffer.alloc(0) : await source.take(size);
    yield { piece, isLast: next.length === 0 };
    if (next.length === 0) return;
    piece = next;
  }
}

/** A stream out of which so many bytes at a time are taken. */
class Bytes {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer[] = [];
  #size = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Fewer only where the stream ends. */
  async take(size: number): Promise<Buffer> {
    while (this.#size < size) {
      const next = await this.#source.next();
      if (next.done) break;
      this.#held.push(next.value);
      this.#size += next.value.length;
    }
    // A body that is one large buffer must not be copied for each of its pieces.
    const whole = this.#held.length === 1 && this.#held[0] ? this.#held[0] : Buffer.concat(this.#held);
    const rest = whole.subarray(size);
    this.#held = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
    return whole.subarray(0, size);
  }

  async *rest(): AsyncGenerator<Buffer> {
    yield* this.#held;
    for (let next = await this.#source.next(); !next.done; next = await this.#source.next()) yield next.value;
  }
}
