import { and, asc, eq, gt } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import { jsonSchema, type Json, type JsonObject } from '../../contracts/json.ts';
import type { RehearsedQuestion } from '../../contracts/rehearsal.ts';
import type { HubDatabase, OrgReadTx } from '../../db/client.ts';
import { rehearsalCalls } from '../../db/schema/hub/rehearsal-calls.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { digestOf, scopeOf, type Call } from '../proxy/call.ts';
import type { Capability } from '../providers/registry.ts';

export type NoteRow = typeof rehearsalCalls.$inferSelect;

/** What a call of a rehearsal came to. */
export interface Note {
  answeredBy: NoteRow['answeredBy'];
  /** Undefined: it was refused, or the ledger has it. */
  result?: Json;
  /** The earlier call whose result it was made of. */
  basis?: string;
  accountName?: string | undefined;
  question?: RehearsedQuestion | undefined;
  error?: ClancyError;
}

const placeOf = (orgId: string, object: string, field: 'parameters' | 'result') =>
  ({ purpose: 'rehearsal-call', orgId, object, field }) as const;

export async function findNote(tx: OrgReadTx, callId: string): Promise<NoteRow | undefined> {
  const [row] = await tx.db
    .select()
    .from(rehearsalCalls)
    .where(and(eq(rehearsalCalls.orgId, tx.orgId), eq(rehearsalCalls.callId, callId)));
  return row;
}

/** Of one rehearsal, in the order in which they came. */
export async function listNotes(tx: OrgReadTx, runId: string, after: number, limit: number): Promise<NoteRow[]> {
  const { orgId, position } = rehearsalCalls;
  return tx.db
    .select()
    .from(rehearsalCalls)
    .where(and(eq(orgId, tx.orgId), eq(rehearsalCalls.runId, runId), gt(position, after)))
    .orderBy(asc(position))
    .limit(limit);
}

/** Keeps what a call came to: the first one under its id, whoever comes later finds that. */
export async function keepNote(
  deps: { database: Pick<HubDatabase, 'withOrg'>; secretBox: Pick<SecretBox, 'sealerOf'> },
  call: Call,
  capability: Capability,
  note: Note,
): Promise<NoteRow> {
  const { orgId, callId } = call;
  const seal = await deps.secretBox.sealerOf(orgId);
  const { answeredBy, result, basis = null, accountName = null, question = null, error } = note;
  const row = {
    orgId,
    callId,
    runId: call.ticket.runId,
    capability: capability.qualified,
    capabilityVersion: capability.definition.version,
    risk: capability.definition.risk,
    connectionId: call.connectionId,
    accountName,
    digest: digestOf(call, capability.definition.version),
    parameters: seal(placeOf(orgId, callId, 'parameters'), JSON.stringify(call.parameters)),
    answeredBy,
    basis,
    result: result === undefined ? null : seal(placeOf(orgId, callId, 'result'), JSON.stringify(result)),
    question,
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
  };
  return deps.database.withOrg(scopeOf(call), async (tx) => {
    const [kept] = await tx.db.insert(rehearsalCalls).values(row).onConflictDoNothing().returning();
    const details = { capability: row.capability, answered_by: answeredBy };
    tx.audit({ action: 'call.rehearse', objectType: 'call', objectId: callId, allowed: true, details });
    const known = kept ?? (await findNote(tx, callId));
    if (!known) throw new Error('the note that was just kept is not there');
    return known;
  });
}

/** @throws ClancyError `history_gone` once the organisation's keys were destroyed */
export async function openNote(
  box: Pick<SecretBox, 'open'>,
  { orgId, callId, parameters, result }: NoteRow,
): Promise<{ parameters: JsonObject; result: Json | undefined }> {
  const open = async (field: 'parameters' | 'result', sealed: string): Promise<Json> =>
    jsonSchema.parse(JSON.parse(await box.open(placeOf(orgId, callId, field), sealed).catch(rethrow)));
  const opened = await open('parameters', parameters);
  if (opened === null || typeof opened !== 'object' || Array.isArray(opened)) throw new Error('parameters that are no object');
  return { parameters: opened, result: result === null ? undefined : await open('result', result) };
}

function rethrow(error: unknown): never {
  if (!(error instanceof SealedTextError)) throw error;
  throw new ClancyError('history_gone', 'What this rehearsal showed cannot be read any more.');
}
