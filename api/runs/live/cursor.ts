import { z } from 'zod';
import { ClancyError } from '../../../contracts/errors.ts';

/**
 * Where a reader of a run's events stands: the last position per workflow, since the order between workflows differs
 * from copy to copy. Keys are workflow ids less the run's own id; a position counts events of a workflow's chain.
 */
export type Cursor = ReadonlyMap<string, number>;

/** Behind everything: the run's recorded result was delivered. */
export const END = Number.MAX_SAFE_INTEGER;

const MAX_WORKFLOWS = 1_000;
const cursorSchema = z
  .record(z.string().max(200), z.int().min(0))
  .refine((positions) => Object.keys(positions).length <= MAX_WORKFLOWS);

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(Object.fromEntries(cursor))).toString('base64url');
}

/** @throws ClancyError `invalid_request` for a text that is no event id of ours. */
export function decodeCursor(text: string | undefined): Map<string, number> {
  if (text === undefined || text === '') return new Map();
  const parsed = cursorSchema.safeParse(parse(text));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  throw new ClancyError('invalid_request', 'Last-Event-ID is not the id of an event of this stream.', {
    fields: [{ field: '/last-event-id', message: 'send the id of the last event you got, unchanged' }],
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
