import { Readable } from 'node:stream';
import { z } from 'zod';

/** What encoding and framing add to a payload of the largest size. */
export const SEALED_OVERHEAD_BYTES = 64 * 1024;

/** For the API's description. */
export const BYTES = { description: 'The bytes', content: { 'application/octet-stream': { schema: z.unknown() } } };

/** For an answer: where it fails, the connection ends before the announced length, so that nobody takes a part for the whole. */
export function contentAsStream(content: AsyncIterable<Buffer>): Readable {
  return Readable.from(content, { objectMode: false });
}
