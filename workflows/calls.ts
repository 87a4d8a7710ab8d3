import { proxyActivities, sleep } from '@temporalio/workflow';
import { makeCallId, parseCapability } from '../contracts/ids.ts';
import type { ItemPart } from '../contracts/ids.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import type { BurstRequest } from '../contracts/burst.ts';
import type { CallCapabilityInput, CallOutcome } from '../contracts/call.ts';
import type { WorkerActivities } from '../contracts/worker-activities.ts';
import { CALL } from './activity-options.ts';
import { summaryOf } from './call-summary.ts';
import { askAboutCall, askAboutStanding } from './approvals.ts';
import type { Verdict } from './answer.ts';
import { RunFailure, understood } from './failures.ts';
import { createPatience } from './patience.ts';
import { assertGoingOn, assertRoomInHistory, untilResumed } from './skill.ts';
import type { Skill } from './skill.ts';

const { callCapability } = proxyActivities<Pick<WorkerActivities, 'callCapability'>>(CALL);

export type CallRequest = Extract<BurstRequest, { kind: 'call' }>;
type Wait = Extract<CallOutcome, { kind: 'wait' }>;

/** An approval that ConnectHub does not accept (used, expired, other digest) may be asked for again, but not for ever. */
const MAX_QUESTIONS = 3;

/** Signals can be lost to a forged one of a higher number: ConnectHub is asked again now and then what people said. */
const FIRST_RECEIPT_WAIT_MS = 2 * 3_600_000;
const LONGEST_RECEIPT_WAIT_MS = 24 * 3_600_000;

/**
 * Makes a call until it has an outcome that stands: repeats it after waits, asks people for approval or for what became
 * of it. The call id is the same throughout, so that it happens once.
 * @throws RunFailure with the code of a refusal.
 */
export async function makeCall(skill: Skill, items: ItemPart[], request: CallRequest): Promise<Json> {
  let input = callInput(skill, items, request);
  const patience = createPatience();
  let receiptWaitMs = FIRST_RECEIPT_WAIT_MS;
  for (let questions = 0; ;) {
    while (skill.pause.isPaused()) await untilResumed(skill);
    assertGoingOn(skill);
    assertRoomInHistory();
    const outcome = await attempt(input, summaryOf(skill, input));
    switch (outcome.kind) {
      case 'succeeded':
        skill.capabilitiesUsed.add(request.capability);
        return outcome.result;
      case 'refused':
        throw new RunFailure(outcome.code, outcome.message);
      case 'approval_required': {
        questions += 1;
        assertMayAsk(questions, 'policy_denied');
        const verdict = await askAboutCall(skill, outcome);
        assertApproved(verdict, outcome.ask.on_timeout, 'policy_denied');
        // The same call: ConnectHub decides anew about what the approver made of it.
        if (verdict.parameters) input = { ...input, parameters: verdict.parameters };
        break;
      }
      case 'conflict':
        questions += 1;
        assertMayAsk(questions, 'call_digest_conflict');
        // After a yes the repeated call is answered with the result of the effect that stands.
        assertApproved(await askAboutStanding(skill, outcome), outcome.ask.on_timeout, 'call_digest_conflict');
        break;
      case 'unknown':
        await skill.waiting.during(`receipt:${outcome.call_id}`, () =>
          skill.standing.run(() => skill.decisions.receipt(outcome.call_id, receiptWaitMs)),
        );
        receiptWaitMs = Math.min(receiptWaitMs * 2, LONGEST_RECEIPT_WAIT_MS);
        break;
      case 'wait':
        await pause(skill, outcome, patience.next(outcome.code, outcome.retry_after_ms));
        break;
    }
  }
}

function callInput(skill: Skill, items: ItemPart[], request: CallRequest): CallCapabilityInput {
  const { plan, run_id, ticket, max_calls } = skill.input;
  const { provider } = parseCapability(request.capability) ?? { provider: '' };
  const connection = Object.hasOwn(plan.connections, provider) ? plan.connections[provider] : undefined;
  if (connection === undefined) throw new RunFailure('connection_missing', `no connection for ${request.capability}`);
  if (skill.callsMade >= max_calls) throw new RunFailure('budget_exceeded', `the skill may make ${max_calls} calls`);
  skill.callsMade += 1;
  return {
    call_id: makeCallId({ skillRun: skill.callBase, items, n: request.n }),
    capability: request.capability,
    connection_id: connection,
    parameters: request.parameters,
    run_id,
    ticket,
  };
}

async function attempt(input: CallCapabilityInput, summary: string): Promise<CallOutcome> {
  try {
    return await callCapability.executeWithOptions({ ...CALL, summary }, [input]);
  } catch (error) {
    throw understood(error);
  }
}

async function pause(skill: Skill, outcome: Wait, ms: number | undefined): Promise<void> {
  if (ms === undefined) throw new RunFailure(outcome.code, outcome.message);
  await skill.waiting.during(outcome.waiting_on, () => skill.standing.run(() => sleep(ms, { summary: outcome.code })));
}

function assertMayAsk(questions: number, code: ErrorCode): void {
  if (questions > MAX_QUESTIONS) throw new RunFailure(code, 'the approval was given, but it does not fit the call');
}

function assertApproved({ status, by, reason }: Verdict, onTimeout: 'reject' | 'fail', refusal: ErrorCode): void {
  if (status === 'approved') return;
  if (status === 'expired') {
    throw new RunFailure(onTimeout === 'fail' ? 'approval_expired' : refusal, 'nobody answered the approval in time');
  }
  const who = by === undefined ? '' : ` by ${by}`;
  throw new RunFailure(refusal, `the approval was ${status}${who}${reason === undefined ? '' : `: ${reason}`}`);
}
