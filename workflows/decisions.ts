import { condition, defineSignal, isCancellation, log, setHandler } from '@temporalio/workflow';
import { DECISION_SIGNAL, PAUSE_SIGNAL, shortSummary } from '../contracts/run.ts';
import type { Decision } from '../contracts/agent-core-activities.ts';
import type { DecisionSignal } from '../contracts/run.ts';
import { RunFailure } from './failures.ts';
import type { Pause } from './pause.ts';

export type ApprovalDecision = Extract<Decision, { kind: 'approval' }>;

export interface Decisions {
  /** The decision on an approval, or undefined after `timeoutMs`. `about` is what operators read beside the timer. */
  approval(approvalId: string, timeoutMs: number, about: string): Promise<ApprovalDecision | undefined>;
  /** Returns when a person has answered what became of a call, or after `atMostMs`. */
  receipt(callId: string, atMostMs: number): Promise<void>;
}

const decisionSignal = defineSignal<[DecisionSignal]>(DECISION_SIGNAL);
const pauseSignal = defineSignal<[DecisionSignal]>(PAUSE_SIGNAL);

/**
 * Takes the decisions that people make about a run. A signal only points to one: what counts is what `read` finds at
 * Agent-Core, and its `seq`. One per workflow; inline skills share their run's. A decision to cancel comes as Temporal's
 * own cancellation instead.
 */
export function listenForDecisions(read: (decisionId: string) => Promise<Decision>, pause: Pause): Decisions {
  const approvals = new Map<string, ApprovalDecision>();
  const receipts = new Map<string, number>();
  let lastSeq = 0;
  let turn: Promise<void> = Promise.resolve();

  async function take(signal: DecisionSignal): Promise<void> {
    if (!isSignal(signal) || signal.seq <= lastSeq) return;
    const decision = await readOrIgnore(read, signal.decision_id);
    if (!decision || decision.seq <= lastSeq) return;
    lastSeq = decision.seq;
    if (decision.kind === 'approval') approvals.set(decision.approval_id, decision);
    if (decision.kind === 'pause' || decision.kind === 'resume') pause.take(decision);
    if (decision.kind === 'receipt_resolved') receipts.set(decision.call_id, (receipts.get(decision.call_id) ?? 0) + 1);
  }

  setHandler(decisionSignal, (signal) => {
    turn = turn.then(() => take(signal));
    return turn;
  });

  listenForPauses(read, pause);

  return {
    async approval(approvalId, timeoutMs, about) {
      const summary = shortSummary(`approval expires: ${about}`);
      await condition(() => approvals.has(approvalId), timeoutMs, { summary });
      return approvals.get(approvalId);
    },
    async receipt(callId, atMostMs) {
      const isAnswered = await condition(() => (receipts.get(callId) ?? 0) > 0, atMostMs, { summary: 'ask again' });
      if (isAnswered) receipts.set(callId, (receipts.get(callId) ?? 0) - 1);
    },
  };
}

/** What the run hands on to a skill run; in an order of its own. */
function listenForPauses(read: (decisionId: string) => Promise<Decision>, pause: Pause): void {
  let lastSeq = 0;
  let turn: Promise<void> = Promise.resolve();

  async function take(signal: DecisionSignal): Promise<void> {
    if (!isSignal(signal) || signal.seq <= lastSeq) return;
    const decision = await readOrIgnore(read, signal.decision_id);
    if ((decision?.kind !== 'pause' && decision?.kind !== 'resume') || decision.seq <= lastSeq) return;
    lastSeq = decision.seq;
    pause.take(decision);
  }

  setHandler(pauseSignal, (signal) => {
    turn = turn.then(() => take(signal));
    return turn;
  });
}

/** A signal is anybody's who reaches Temporal: one that Agent-Core knows nothing of changes nothing. */
async function readOrIgnore(read: (id: string) => Promise<Decision>, id: string): Promise<Decision | undefined> {
  try {
    return await read(id);
  } catch (error) {
    if (error instanceof RunFailure) log.warn('a decision was signalled that Agent-Core does not confirm', { code: error.code });
    else if (!isCancellation(error)) throw error;
    return undefined;
  }
}

function isSignal(signal: unknown): signal is DecisionSignal {
  if (typeof signal !== 'object' || signal === null) return false;
  const { decision_id, seq } = signal as Partial<DecisionSignal>;
  return typeof decision_id === 'string' && decision_id.length <= 100 && Number.isSafeInteger(seq);
}
