import { ClancyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { HubDatabase } from '../../db/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { Call } from '../proxy/call.ts';
import { openResult } from '../proxy/sealed-result.ts';
import type { Capability } from '../providers/registry.ts';
import { findEarlierCall } from './earlier-result.ts';
import { makeResult } from './make-result.ts';
import type { Note } from './notes.ts';

export interface AnswerDeps {
  database: Pick<HubDatabase, 'withOrgRead'>;
  secretBox: Pick<SecretBox, 'open'>;
  clock: () => Date;
}

/**
 * What a call might have been answered, without asking its provider: in the form of an earlier result of the same
 * capability, else of its output schema.
 *
 * @throws ClancyError `provider_refused` where no answer can be made that the schema accepts
 */
export async function makeAnswer(deps: AnswerDeps, call: Call, capability: Capability): Promise<Note & { result: Json }> {
  const entry = await deps.database.withOrgRead(call, (tx) => findEarlierCall(tx, capability.qualified));
  // A result that cannot be read any more is as good as none.
  const earlier = entry && (await openResult(deps.secretBox, call.orgId, entry).catch(unlessGone));
  const work = {
    schema: capability.definition.outputSchema,
    parameters: call.parameters,
    looksOf: (name: string) => looksOf(capability, name),
    seed: call.callId,
    now: deps.clock().toISOString(),
  };
  const fits = (result: Json) => capability.output.errorsOf(structuredClone(result)).length === 0;
  const likeEarlier = earlier == null ? undefined : makeResult({ ...work, earlier });
  if (entry && likeEarlier !== undefined && fits(likeEarlier)) {
    return { answeredBy: 'receipt', basis: entry.key, result: likeEarlier };
  }
  const result = makeResult({ ...work, earlier: undefined });
  if (fits(result)) return { answeredBy: 'schema', result };
  throw new ClancyError('provider_refused', `A rehearsal cannot make up what ${capability.qualified} would answer.`, {
    next: 'Once the capability has been used for real, its receipt shows what an answer looks like.',
  });
}

function unlessGone(error: unknown): undefined {
  if (error instanceof ClancyError && error.code === 'history_gone') return undefined;
  throw error;
}

/** By the provider's own inputs, since what one capability answers another one takes. */
function looksOf({ provider }: Capability, name: string): JsonObject | undefined {
  for (const { inputSchema } of provider.definition.capabilities) {
    const { properties } = inputSchema;
    if (properties === null || typeof properties !== 'object' || Array.isArray(properties)) continue;
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) continue;
    if (schema['type'] === 'string' && schema['pattern'] !== undefined) return schema;
  }
  return undefined;
}
