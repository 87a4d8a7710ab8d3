import { FILE_REFERENCE } from '../../../contracts/files.ts';
import type { JsonObject } from '../../../contracts/json.ts';

/** Pieces of the JSON Schemas (2020-12) of Gmail's capabilities. */

export function objectSchema(properties: JsonObject, required: string[]): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** Ids stand in the path of requests: letters and digits only. */
const ID = { type: 'string', pattern: '^[A-Za-z0-9_-]{4,64}$' };
export const EMAIL_ID_PARAMETER: JsonObject = { ...ID, description: "An email's id, as email.search gives it." };
export const THREAD_ID_PARAMETER: JsonObject = { ...ID, description: "A thread's id, as email.search gives it." };

/**
 * One bare address (RFC 5322 dot-atom, ASCII). No display name, list or line break can stand in it, so that nothing but
 * this one address ends up in a header.
 */
const ADDRESS: JsonObject = {
  type: 'string',
  maxLength: 254,
  pattern: "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$",
};
export const TO_PARAMETER: JsonObject = { ...ADDRESS, description: 'One address, such as ada@example.com.' };
export const CC_PARAMETER: JsonObject = { type: 'array', items: ADDRESS, maxItems: 10, description: 'Who gets a copy.' };
export const SUBJECT_PARAMETER: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 250,
  pattern: '^[^\\u0000-\\u001f\\u007f\\u0085\\u2028\\u2029]*$',
  description: 'One line.',
};
export const BODY_PARAMETER: JsonObject = { type: 'string', minLength: 1, maxLength: 50_000, description: 'Plain text.' };
export const ATTACHMENTS_PARAMETER: JsonObject = {
  type: 'array',
  items: FILE_REFERENCE,
  maxItems: 20,
  description: 'Files, 25 MB together at most as a mail encodes them.',
};
export const CURSOR_PARAMETER: JsonObject = { type: 'string', maxLength: 500, description: 'next_cursor of the page before.' };

export function limitParameter(maximum: number, byDefault: number): JsonObject {
  return { type: 'integer', minimum: 1, maximum, default: byDefault, description: `How many; ${byDefault} when absent.` };
}

const TEXT: JsonObject = { type: 'string' };

/** What a list shows of an email. `from` is the bare address, for `to` of a reply. */
const HEAD: JsonObject = { id: TEXT, thread_id: TEXT, from: TEXT, from_name: TEXT, to: TEXT, subject: TEXT, date: TEXT };
const HEAD_REQUIRED = ['id', 'thread_id', 'from', 'from_name', 'to', 'subject', 'date'];

export const FOUND_EMAIL: JsonObject = objectSchema({ ...HEAD, snippet: TEXT }, [...HEAD_REQUIRED, 'snippet']);

export const WHOLE_EMAIL: JsonObject = objectSchema(
  {
    ...HEAD,
    cc: TEXT,
    text: TEXT,
    is_cut: { type: 'boolean', description: 'The text was longer and is cut.' },
    attachments: {
      type: 'array',
      items: objectSchema({ filename: TEXT, mime_type: TEXT, bytes: { type: 'integer' } }, ['filename', 'mime_type', 'bytes']),
    },
  },
  [...HEAD_REQUIRED, 'cc', 'text', 'is_cut', 'attachments'],
);

export const NEXT_CURSOR: JsonObject = { type: 'string', description: 'Present when there is another page.' };
/** Result of what sends. */
export const SENT: JsonObject = objectSchema({ id: TEXT, thread_id: TEXT }, ['id', 'thread_id']);
export const DRAFTED: JsonObject = objectSchema({ draft_id: TEXT, id: TEXT, thread_id: TEXT }, ['draft_id', 'id', 'thread_id']);
export const LABELLED: JsonObject = objectSchema({ id: TEXT, label: TEXT }, ['id', 'label']);
