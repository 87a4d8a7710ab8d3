import { ClancyError } from '../../contracts/errors.ts';

const MAX_DEPTH = 64;
const MAX_VALUES = 50_000;

/**
 * Refuses a body that is nested or crowded beyond any honest use. Fastify parses half a million levels within its size
 * limit, and the first recursive function after it then overflows the stack. Iterative for that reason.
 *
 * @throws ClancyError `invalid_request`
 */
export function assertBounded(body: unknown): void {
  const open: { value: unknown; depth: number }[] = [{ value: body, depth: 0 }];
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.value === null || typeof next.value !== 'object' || Buffer.isBuffer(next.value)) continue;
    if (next.depth >= MAX_DEPTH) throw new ClancyError('invalid_request', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    for (const value of Object.values(next.value)) {
      seen += 1;
      if (seen > MAX_VALUES) throw new ClancyError('invalid_request', `The body holds more than ${MAX_VALUES} values.`);
      open.push({ value, depth: next.depth + 1 });
    }
  }
}
