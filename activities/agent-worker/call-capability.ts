import { ApplicationFailure, Context } from '@temporalio/activity';
import { ClancyError } from '../../contracts/errors.ts';
import { parseCapability } from '../../contracts/ids.ts';
import { MAX_PAYLOAD_BYTES } from '../../contracts/run.ts';
import type { CallCapabilityInput, CallOutcome } from '../../contracts/call.ts';
import type { WorkerActivities } from '../../contracts/worker-activities.ts';
import { giveUpSignal, orCancelled } from './cancellation.ts';
import type { AgentTokens } from './calls/agent-tokens.ts';
import { readOutcome } from './calls/outcome.ts';
import type { Reading } from './calls/outcome.ts';
import { assertOwnIds } from './calls/own-ids.ts';
import { HttpFailure, postJson } from './calls/post-json.ts';
import { withHeartbeats } from './heartbeats.ts';

export interface CallDeps {
  connectHubUrl: string;
  tokens: AgentTokens;
  logger: { warn: (about: object, message: string) => void };
}

type Service = HttpFailure['service'];

/** Longer than ConnectHub's own time-out at providers, so that its answer is not missed. */
const HUB_TIMEOUT_MS = 90_000;
/** Attempts at a service that is away before the workflow is told, which then shows what it waits on. */
const QUIET_ATTEMPTS = 2;
const QUIET_RETRY_DELAY = '500 milliseconds';
const AWAY_RETRY_AFTER_MS = 2_000;

/** The activity `callCapability`: one attempt of a call, at ConnectHub. The ledger there makes any repeat safe. */
export function createCallCapability(deps: CallDeps): WorkerActivities['callCapability'] {
  return (input) => orCancelled(() => withHeartbeats({ phase: 'call' }, () => call(deps, input)));
}

async function call(deps: CallDeps, input: CallCapabilityInput): Promise<CallOutcome> {
  const { info } = Context.current();
  try {
    assertOwnIds(input, info.workflowExecution?.workflowId ?? '');
    const reading = await send(deps, input, giveUpSignal());
    if (reading.kind === 'away') return whileAway(deps, input, 'connecthub', reading);
    return fitting(reading.kind === 'unauthenticated' ? { ...reading, kind: 'refused', call_id: input.call_id } : reading);
  } catch (error) {
    Context.current().cancellationSignal.throwIfAborted();
    if (error instanceof ClancyError) return notOurs(deps, input, error);
    if (!(error instanceof HttpFailure)) throw error;
    const refusal = error.answer && readOutcome(input, error.answer);
    if (refusal?.kind === 'refused') return refusal;
    // No other token helps a ticket that is none.
    if (refusal?.kind === 'unauthenticated' && refusal.code === 'ticket_invalid') {
      return { ...refusal, kind: 'refused', call_id: input.call_id };
    }
    return whileAway(deps, input, error.service, error);
  }
}

/** Refused here, before any other process heard of it: the log is its only trace. */
function notOurs({ logger }: CallDeps, { call_id }: CallCapabilityInput, { code, message }: ClancyError): CallOutcome {
  const workflow_id = Context.current().info.workflowExecution?.workflowId;
  logger.warn({ refused: code, call_id, workflow_id }, 'a call was refused');
  return { kind: 'refused', call_id, code, message };
}

/** A token that is refused is dropped, and a new one tried once: it may have been revoked or replaced. */
async function send(deps: CallDeps, input: CallCapabilityInput, signal: AbortSignal): Promise<Reading> {
  const first = await sendOnce(deps, input, signal);
  if (first.kind !== 'unauthenticated') return first;
  deps.tokens.drop(input.ticket);
  return sendOnce(deps, input, signal);
}

async function sendOnce({ connectHubUrl, tokens }: CallDeps, input: CallCapabilityInput, signal: AbortSignal): Promise<Reading> {
  const target = parseCapability(input.capability);
  if (!target) throw new ClancyError('capability_unknown', `${input.capability} is no capability`);
  const token = await tokens.get(input.ticket);
  // Until here a cancellation stops the call; from here on it is waited for.
  Context.current().cancellationSignal.throwIfAborted();
  const url = new URL(`/proxy/${target.provider}/${target.capability}`, connectHubUrl);
  const answer = await reach('connecthub', () =>
    postJson(url, {
      route: '/proxy/:provider/:capability',
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': input.call_id,
        'clancy-run-ticket': input.ticket,
      },
      body: { connection_id: input.connection_id, parameters: input.parameters },
      signal,
      timeoutMs: HUB_TIMEOUT_MS,
    }),
  );
  return readOutcome(input, answer);
}

async function reach<T>(service: Service, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new HttpFailure(service, undefined, { cause });
  }
}

/** At first quietly, by Temporal's retries; then the workflow shows what it waits on and comes back. */
function whileAway({ logger }: CallDeps, input: CallCapabilityInput, service: Service, error: unknown): CallOutcome {
  logger.warn({ err: error, call_id: input.call_id, service }, 'a call could not be made');
  const message = `${service} did not answer`;
  if (Context.current().info.attempt <= QUIET_ATTEMPTS) {
    throw ApplicationFailure.create({ type: 'dependency_unavailable', message, nextRetryDelay: QUIET_RETRY_DELAY });
  }
  return {
    kind: 'wait',
    call_id: input.call_id,
    waiting_on: service,
    retry_after_ms: AWAY_RETRY_AFTER_MS,
    code: 'dependency_unavailable',
    message,
  };
}

function fitting(outcome: CallOutcome): CallOutcome {
  const bytes = Buffer.byteLength(JSON.stringify(outcome));
  if (bytes <= MAX_PAYLOAD_BYTES) return outcome;
  const message = `the result is ${bytes} bytes, and ${MAX_PAYLOAD_BYTES} is the limit`;
  return { kind: 'refused', call_id: outcome.call_id, code: 'payload_too_large', message };
}
