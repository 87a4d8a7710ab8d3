import type { JsonObject } from './json.ts';

/** A file as a parameter names it: the bytes are a blob of the organisation, and never pass through a run. */
export interface FileReference {
  /** SHA-256 of the bytes, in hexadecimal. */
  blob: string;
  name: string;
  media_type: string;
}

const SHA256 = /^[0-9a-f]{64}$/;

/** The same as JSON Schema, for the parameters of capabilities. */
export const FILE_REFERENCE: JsonObject = {
  type: 'object',
  description: 'A file that somebody gave or another capability fetched.',
  properties: {
    blob: { type: 'string', pattern: SHA256.source, description: "The file's SHA-256, as whoever keeps it told it." },
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069/\\\\]+$',
      description: 'Such as report.pdf.',
    },
    media_type: {
      type: 'string',
      maxLength: 100,
      pattern: '^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*$',
      description: 'Such as application/pdf.',
    },
  },
  required: ['blob', 'name', 'media_type'],
  additionalProperties: false,
};

/** Every file that parameters refer to, wherever they do, in the order of reference. */
export function fileReferencesIn(parameters: JsonObject): FileReference[] {
  const found: FileReference[] = [];
  const open: unknown[] = [parameters];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (isFileReference(value)) found.push(value);
    else open.push(...Object.values(value).toReversed());
  }
  return found;
}

/** For the digest of a call: what its approval is bound to besides the parameters. */
export function blobHashesIn(parameters: JsonObject): string[] {
  return fileReferencesIn(parameters).map(({ blob }) => blob);
}

function isFileReference(value: object): value is FileReference {
  const { blob, name, media_type: mediaType, ...rest } = value as Record<string, unknown>;
  const isOne = typeof blob === 'string' && SHA256.test(blob) && typeof name === 'string' && typeof mediaType === 'string';
  return isOne && Object.keys(rest).length === 0;
}
