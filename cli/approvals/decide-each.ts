import type { DecidedManyAnswer } from '../client/answers/approvals.ts';
import type { Decision } from '../client/approvals.ts';

/** As many as one request takes. */
const MOST = 100;

type Decide = (decisions: readonly Decision[], idempotencyKey: string) => Promise<DecidedManyAnswer>;

/** Decides any number, in as many requests as that takes; each has a key of its own, made from the command's. */
export async function decideEach(decide: Decide, decisions: readonly Decision[], key: string): Promise<DecidedManyAnswer> {
  const results: DecidedManyAnswer['results'] = [];
  for (let from = 0; from < decisions.length; from += MOST) {
    const answer = await decide(decisions.slice(from, from + MOST), from === 0 ? key : `${key}.${from / MOST}`);
    results.push(...answer.results);
  }
  return { results };
}
