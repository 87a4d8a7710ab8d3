import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import type { BarrierSet } from './barriers.ts';
import { resetConnection, sendAnswer, sendGarbage, sendHalf } from './deliver.ts';
import type { Fault, FaultQueue } from './faults.ts';
import type { CountedLimit, RateLimiter } from './rate-limits.ts';
import type { RequestLog, RequestRecord } from './requests.ts';

export interface ExchangeDeps {
  requests: RequestLog;
  faults: FaultQueue;
  barriers: BarrierSet;
  rateLimiter: RateLimiter;
}

export interface ProviderRequest {
  provider: string;
  team: string | null;
  method: string;
  requestId: string;
  /** For the request log; must hold no secret. */
  args: Record<string, unknown>;
  /** The provider's documented limits, enforced where the account was told to. */
  limits?: readonly CountedLimit[];
  /** Makes the effect and the answer, in one synchronous step. */
  act: () => Answer;
  /** The provider's own shape for a failure that was injected. */
  renderStatus: (status: number, retryAfterS: number | undefined) => Answer;
  renderError: (error: string) => Answer;
}

/**
 * The way of every provider request: log it, meet it with an injected fault before or after its effect,
 * hold it at a barrier, and send what is left to send. A mistake in a provider's code answers 500 with its text.
 */
export async function exchange(deps: ExchangeDeps, request: ProviderRequest, response: ServerResponse): Promise<void> {
  const { provider, team, method, requestId, args } = request;
  const record = deps.requests.open({ provider, team, method, args, request_id: requestId });
  try {
    await answer(deps, request, response, record);
  } catch (error) {
    send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: `sandbox: ${String(error)}` }, record);
  }
}

async function answer(
  deps: ExchangeDeps,
  request: ProviderRequest,
  response: ServerResponse,
  record: RequestRecord,
): Promise<void> {
  const waitS = request.team === null ? undefined : deps.rateLimiter.take(request.team, request.limits ?? []);
  if (waitS !== undefined) return send(response, request.renderStatus(429, waitS), record);
  const fault = deps.faults.take(request.team, request.method);
  record.fault = fault?.kind ?? null;
  if (fault?.when === 'before' && (await strike(fault, request, undefined, response, record))) return;
  if ((await deps.barriers.pass(request, false)) === 'drop') return resetConnection(response);
  const made = request.act();
  if ((await deps.barriers.pass(request, true)) === 'drop') return resetConnection(response);
  if (fault?.when === 'after' && (await strike(fault, request, made, response, record))) return;
  send(response, made, record);
}

function send(response: ServerResponse, answer: Answer, record: RequestRecord): void {
  record.status = answer.status;
  sendAnswer(response, answer);
}

/** Applies a fault; tells whether it used up the request's one answer. */
async function strike(
  fault: Fault,
  request: ProviderRequest,
  answer: Answer | undefined,
  response: ServerResponse,
  record: RequestRecord,
): Promise<boolean> {
  if (fault.kind === 'delay') {
    await sleep(fault.delay_ms, undefined, { ref: false });
    return false;
  }
  spoil(fault, request, answer, response, record);
  return true;
}

function spoil(
  fault: Exclude<Fault, { kind: 'delay' }>,
  request: ProviderRequest,
  answer: Answer | undefined,
  response: ServerResponse,
  record: RequestRecord,
): void {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'reset':
      return resetConnection(response);
    case 'garbage':
      record.status = 200;
      return sendGarbage(response);
    case 'half':
      record.status = 200;
      return sendHalf(response, answer ?? request.renderError('internal_error'));
    case 'status':
      return send(response, request.renderStatus(fault.status, fault.retry_after), record);
    case 'error':
      return send(response, request.renderError(fault.error), record);
  }
}
