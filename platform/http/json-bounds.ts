import { ClancyError } from '../../contracts/errors.ts';

const MAX_DEPTH = 64;
const MAX_VALUES = 50_000;
/** With the flag `u` a whole pair is one character of another category. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Refuses a body that is nested or crowded beyond any honest use. Fastify parses half a million levels within its size
 * limit, and the first recursive function after it then overflows the stack. Iterative for that reason. Refuses text that
 * the database cannot hold as well: PostgreSQL takes neither NUL nor half a surrogate pair.
 * https://www.postgresql.org/docs/current/datatype-json.html
 *
 * @throws ClancyError `invalid_request`
 */
export function assertBounded(body: unknown): void {
  const open: { value: unknown; depth: number }[] = [{ value: body, depth: 0 }];
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value === 'string') assertStorable(next.value);
    if (next.value === null || typeof next.value !== 'object' || Buffer.isBuffer(next.value)) continue;
    if (next.depth >= MAX_DEPTH) throw new ClancyError('invalid_request', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    for (const [key, value] of Object.entries(next.value)) {
      assertStorable(key);
      seen += 1;
      if (seen > MAX_VALUES) throw new ClancyError('invalid_request', `The body holds more than ${MAX_VALUES} values.`);
      open.push({ value, depth: next.depth + 1 });
    }
  }
}

function assertStorable(text: string): void {
  if (!text.includes('\u0000') && !LONE_SURROGATE.test(text)) return;
  throw new ClancyError('invalid_request', 'The body holds text with a NUL character or half a surrogate pair.', {
    next: 'Leave these characters out.',
  });
}
