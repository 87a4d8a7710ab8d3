import { parseDocument } from 'yaml';
import { ClancyError } from '../../contracts/errors.ts';
import { jsonObjectSchema, type JsonObject } from '../../contracts/json.ts';

export const MAX_DOCUMENT_BYTES = 5 * 1024 * 1024;

/**
 * A document as it was sent: JSON, or the text of JSON or YAML.
 *
 * @throws ClancyError `payload_too_large`, `invalid_request`
 */
export async function readDocument(given: string | { [name: string]: unknown }): Promise<JsonObject> {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) {
    throw new ClancyError('payload_too_large', 'A document has at most five megabytes.');
  }
  return jsonObjectSchema.parse(text.trimStart().startsWith('{') ? JSON.parse(text) : parseDocument(text).toJS());
}
