import { and, eq, inArray } from 'drizzle-orm';
import type { Json } from '../../contracts/json.ts';
import type { HubDatabase } from '../../db/client.ts';
import { rehearsalCalls } from '../../db/schema/hub/rehearsal-calls.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { Call } from '../proxy/call.ts';
import { openNote } from './notes.ts';

/** Shorter texts are words, not ids. */
const MIN_LENGTH = 5;
/** Simulated writes of one rehearsal that are looked through. */
const MAX_LOOKED_AT = 500;

/**
 * Whether the call names something that only the rehearsal has made up, such as an invoice that it would have written:
 * the provider could say nothing about it.
 */
export async function refersToInvented(
  deps: { database: Pick<HubDatabase, 'withOrgRead'>; secretBox: Pick<SecretBox, 'open'> },
  call: Call,
): Promise<boolean> {
  const asked = new Set(textsIn(call.parameters).filter((text) => text.length >= MIN_LENGTH));
  if (asked.size === 0) return false;
  const rows = await deps.database.withOrgRead(call, (tx) =>
    tx.db
      .select()
      .from(rehearsalCalls)
      .where(
        and(
          eq(rehearsalCalls.orgId, tx.orgId),
          eq(rehearsalCalls.runId, call.ticket.runId),
          inArray(rehearsalCalls.answeredBy, ['receipt', 'schema']),
        ),
      )
      .limit(MAX_LOOKED_AT),
  );
  for (const row of rows) {
    const { parameters, result } = await openNote(deps.secretBox, row);
    const given = new Set(textsIn(parameters));
    if (textsIn(result ?? null).some((text) => asked.has(text) && !given.has(text))) return true;
  }
  return false;
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}
