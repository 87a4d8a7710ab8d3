import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { Fact } from '../../contracts/facts.ts';
import type { CoreDatabase } from '../../db/client.ts';
import type { Following } from './fact-heads.ts';
import { readFacts, readHead, toFact, type FactFilter } from './read-facts.ts';

const AT_ONCE = 100;

export interface FollowFactsDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  following: Following;
}

/** The organisation's facts behind a number, and those to come, until the signal. The number of each is its id. */
export async function* followFacts(
  { db, following }: FollowFactsDeps,
  stream: { orgId: string; after: number; filter: FactFilter },
  signal: AbortSignal,
): AsyncGenerator<{ id: string; event: Fact }> {
  let { after } = stream;
  while (!signal.aborted) {
    const { head, rows } = await db.withOrgRead(stream, async (tx) => {
      const upTo = await readHead(tx);
      return { head: upTo, rows: await readFacts(tx, stream.filter, { after, upTo, limit: AT_ONCE }) };
    });
    for (const row of rows) yield { id: String(row.seq), event: toFact(row) };
    // What the filter leaves out is done with as well.
    after = rows.length < AT_ONCE ? Math.max(after, head) : (rows.at(-1)?.seq ?? after);
    if (rows.length < AT_ONCE) await following.behind(after, signal);
  }
}

const lastEventId = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** @throws ClancyError `invalid_request` for a text that is no id of this stream. */
export function readLastEventId(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const parsed = lastEventId.safeParse(text);
  if (parsed.success && /^\d+$/.test(text)) return parsed.data;
  throw new ClancyError('invalid_request', 'Last-Event-ID is not the id of an event of this stream.', {
    fields: [{ field: '/last-event-id', message: 'send the id of the last event you got, unchanged' }],
  });
}
