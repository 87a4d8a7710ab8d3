import type { Json, JsonObject } from '../../contracts/json.ts';
import {
  isEffect,
  type ApiRequest,
  type ApiResult,
  type CapabilityDefinition,
  type RequestContext,
} from '../providers/definition.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import type { Capability } from '../providers/registry.ts';
import type { Outcome } from './outcome.ts';
import type { ProviderApi } from './provider-api.ts';
import { scrub } from './scrub.ts';

export interface Performance {
  capability: Capability;
  parameters: JsonObject;
  /** The request, where it was made before; it must be the one that `firstRequest` gives. */
  request?: ApiRequest | undefined;
  context: RequestContext;
  api: ProviderApi;
  /** Scrubbed from the result should the provider repeat it. */
  accessToken: string;
  /**
   * Asked just before the first byte of the effect. False: the lease is lost, nothing may be sent.
   */
  mayStillSend: () => Promise<boolean>;
}

/** One attempt at the provider. Undefined: the lease was lost before anything was sent. */
export async function perform(work: Performance): Promise<Outcome | undefined> {
  const { definition } = work.capability;
  try {
    if ('collect' in definition) return shape(work, await definition.collect(work.parameters, work.api.reader), definition);
    const parameters = definition.prepare ? await definition.prepare(work.parameters, work.api.reader) : work.parameters;
    const request = work.request ?? definition.request(parameters, work.context);
    const heldBack = await work.api.makeRoom(request);
    if (heldBack) return interpret(work, definition, parameters, heldBack);
    if (!(await work.mayStillSend())) return undefined;
    return interpret(work, definition, parameters, await work.api.send(request));
  } catch (error) {
    if (error instanceof ProviderRefusal) return { state: 'refused', refusal: error.refusal };
    throw error;
  }
}

/** What a call will send first, where that is known without asking the provider anything. */
export function firstRequest(
  definition: CapabilityDefinition,
  parameters: JsonObject,
  context: RequestContext,
): ApiRequest | undefined {
  if ('collect' in definition || definition.prepare) return undefined;
  try {
    return definition.request(parameters, context);
  } catch (error) {
    // Said again, and told to the caller, when the call is performed.
    if (error instanceof ProviderRefusal) return undefined;
    throw error;
  }
}

function interpret(
  work: Performance,
  definition: Exclude<CapabilityDefinition, { collect: unknown }>,
  parameters: JsonObject,
  answer: ApiResult,
): Outcome {
  if (answer.kind === 'ok') return shapeSafely(work, () => definition.result(answer.body, parameters), definition);
  if (answer.kind === 'uncertain') return uncertain(definition, answer.reason, answer.isOver);
  const standing = isEffect(definition) ? definition.alreadyDone : undefined;
  if (standing?.reasons.includes(answer.reason) === true) {
    const outcome = shape(work, standing.result(parameters, work.context), definition);
    return outcome.state === 'succeeded' ? { ...outcome, code: answer.reason } : outcome;
  }
  const { kind: _kind, ...refusal } = answer;
  return { state: 'refused', refusal };
}

/** The provider said yes: from here on an answer that cannot be read leaves a write uncertain, never refused. */
function shapeSafely(work: Performance, read: () => Json, definition: CapabilityDefinition): Outcome {
  try {
    return shape(work, read(), definition);
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    if (isEffect(definition)) return uncertain(definition, error.refusal.reason, true);
    return { state: 'refused', refusal: { retryAfterMs: 2_000, ...error.refusal } };
  }
}

/** The result as declared and no more: cut to the schema, without tokens. */
function shape({ capability, accessToken }: Performance, raw: Json, definition: CapabilityDefinition): Outcome {
  const result = scrub(capability.output.cut(raw), capability.provider.definition.tokenPattern, [accessToken]);
  if (capability.output.errorsOf(result).length > 0) return uncertain(definition, 'unreadable_answer', true);
  return { state: 'succeeded', result, ...effectOf(definition, result) };
}

export function effectOf(definition: CapabilityDefinition, result: Json): { effectId?: string } {
  if (!isEffect(definition) || result === null || typeof result !== 'object' || Array.isArray(result)) return {};
  const effectId = definition.effectId(result);
  return effectId === undefined ? {} : { effectId };
}

function uncertain(definition: CapabilityDefinition, reason: string, isOver: boolean): Outcome {
  if (isEffect(definition)) return { state: 'maybe', reason, isOver };
  return { state: 'refused', refusal: { code: 'provider_unavailable', reason, retryable: true, retryAfterMs: 2_000 } };
}
