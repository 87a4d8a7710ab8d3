import { MAX_PAYLOAD_BYTES } from '../contracts/run.ts';
import { RunFailure } from './failures.ts';

/** Bytes of JSON, as Temporal stores a value. */
export function sizeOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** A value that is about to stand in history. @throws RunFailure `payload_too_large`. */
export function assertFits(what: string, value: unknown, limit: number = MAX_PAYLOAD_BYTES): void {
  const bytes = sizeOf(value);
  if (bytes > limit) throw new RunFailure('payload_too_large', `${what}: ${bytes} bytes, and ${limit} is the limit`);
}
