import { z } from 'zod';
import { riskSchema } from '../../contracts/capability.ts';
import { parseCallId, parseSkillRunId } from '../../contracts/ids.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';
import { rehearsedQuestionSchema, type RehearsedCall } from '../../contracts/rehearsal.ts';

/** What would have been done, or refused. */
export const effectView = z.strictObject({
  call_id: z.string(),
  /** Node of the employee's graph. */
  skill: z.string(),
  capability: z.string(),
  risk: riskSchema,
  connection_id: z.string(),
  account_name: z.string().nullable(),
  /** Exactly as they would have gone out. */
  parameters: jsonObjectSchema,
  /** `receipt`: the rehearsal went on with a result like that of an earlier call; `schema`: with one made up. */
  answered_by: z.string(),
  /** Whom the policy would have asked, and the answer that was taken; null = nobody. */
  would_ask: rehearsedQuestionSchema.nullable(),
  /** It would have been refused, and why; null = it would have been done. */
  refused: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});
export type Effect = z.infer<typeof effectView>;

export const readsView = z.strictObject({
  /** Answered by what the earlier run had read. */
  recorded: z.int(),
  /** Asked of the provider. */
  live: z.int(),
  /** About things that only the rehearsal has made up, or that a person would have to allow first. */
  made_up: z.int(),
  refused: z.int(),
});

/** The calls of a rehearsal that change something, in their order. */
export function effectsOf(calls: readonly RehearsedCall[]): Effect[] {
  return calls
    .filter(({ risk }) => risk !== 'read')
    .map((call) => ({
      call_id: call.call_id,
      skill: skillOf(call.call_id),
      capability: call.capability,
      risk: call.risk,
      connection_id: call.connection_id,
      account_name: call.account_name,
      parameters: call.parameters,
      answered_by: call.answered_by,
      would_ask: call.question,
      refused: call.error,
    }));
}

export function readsOf(calls: readonly RehearsedCall[]): z.infer<typeof readsView> {
  const reads = calls.filter(({ risk }) => risk === 'read');
  const count = (...by: RehearsedCall['answered_by'][]) => reads.filter((call) => by.includes(call.answered_by)).length;
  return { recorded: count('recorded'), live: count('provider'), made_up: count('receipt', 'schema'), refused: count('nobody') };
}

export function skillOf(callId: string): string {
  const call = parseCallId(callId);
  return (call && parseSkillRunId(call.skillRun)?.node) ?? '';
}
