import {
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { ClancyError } from '../../contracts/errors.ts';
import { DECISION_SIGNAL, TASK_QUEUES, type DecisionSignal, type EmployeeRunInput } from '../../contracts/run.ts';
import type { DecodeHistory } from '../../platform/payloads/decode-history.ts';
import { within } from '../../platform/telemetry/spans.ts';
import type { HistoryEvent } from '../../platform/run-events/history-event.ts';
import { toWorkflowState, type WorkflowState } from './describe.ts';
import { isNotFound, toTemporalError } from './errors.ts';
import { startOptions, type StartLabel } from './start-options.ts';

/** An unreachable Temporal is noticed after this time; well below every lease that waits for the answer. */
const CALL_TIMEOUT_MS = 5_000;
/** A history comes in pages, 50 MB at most. */
const HISTORY_TIMEOUT_MS = 20_000;

export interface StartedRun {
  temporalRunId: string;
  /** False when the id belongs to a workflow that we did not start. */
  isOurs: boolean;
}

/** What Agent-Core does with workflows. A Temporal that is away shows as `dependency_unavailable`. */
export interface RunEngine {
  /** Starts a run, or finds it started: by id, and by the execution that it carries. */
  start(input: EmployeeRunInput, label: StartLabel): Promise<StartedRun>;
  /** Points a waiting workflow to a decision. A workflow that is gone needs none. */
  signalDecision(workflowId: string, signal: DecisionSignal): Promise<void>;
  /** Asks a run to end in its own words; one that is gone has ended. */
  cancel(workflowId: string): Promise<void>;
  /** Ends a run that must not exist. */
  terminate(workflowId: string, reason: string): Promise<void>;
  /** `undefined` = Temporal knows no such workflow (any more). */
  describe(workflowId: string, temporalRunId?: string): Promise<WorkflowState | undefined>;
  /** When the workflow last came on, as its newest event says; `undefined` = Temporal knows none (any more). */
  lastEventAt(workflowId: string): Promise<Date | undefined>;
  /** All events of one execution so far; `undefined` = Temporal holds none (any more). */
  history(workflowId: string, temporalRunId?: string): Promise<HistoryEvent[] | undefined>;
  /** The result, or the error that it failed with, of a closed workflow. A Temporal that does not say rejects. */
  outcome(workflowId: string, temporalRunId?: string): Promise<{ result: unknown } | { error: unknown }>;
}

export interface RunEngineOptions {
  client: Client;
  /** Turns what Temporal holds into what was written; left out where nothing is encoded. */
  decodeHistory?: DecodeHistory;
  /** What Temporal takes as plain text holds no words of people then. */
  encrypts?: boolean;
  /** Shorter in development, where workers die on purpose; the server's default otherwise. */
  workflowTaskTimeoutMs?: number;
}

export function createRunEngine(options: RunEngineOptions): RunEngine {
  const { client, decodeHistory = async (_workflowId, events) => events, encrypts = false, workflowTaskTimeoutMs } = options;
  const call = <T>(work: () => Promise<T>, timeoutMs = CALL_TIMEOUT_MS): Promise<T> =>
    client.withDeadline(Date.now() + timeoutMs, work).catch(toTemporalError);
  const describe = (workflowId: string, temporalRunId?: string) =>
    call(() =>
      unlessGone(async () => toWorkflowState(await client.workflow.getHandle(workflowId, temporalRunId).describe(), Date.now())),
    );

  return {
    describe,
    start: async (input, label) => {
      const options = {
        ...startOptions(input, label),
        ...(workflowTaskTimeoutMs !== undefined && { workflowTaskTimeout: workflowTaskTimeoutMs }),
      };
      const { run_id: workflowId, org_id, execution_id } = input.intent;
      const temporalRunId = await within(label.traceparent, () =>
        call(() =>
          client.workflow
            .start('employeeRun', { ...options, taskQueue: TASK_QUEUES.workers, args: [input] })
            .then((handle) => handle.firstExecutionRunId)
            .catch(ifExists),
        ),
      );
      if (temporalRunId !== undefined) return { temporalRunId, isOurs: true };
      const state = await describe(workflowId);
      if (state === undefined) throw new Error('a workflow that exists is not known');
      return { temporalRunId: state.firstRunId, isOurs: state.orgId === org_id && state.executionId === execution_id };
    },
    signalDecision: (workflowId, signal) =>
      call(() => unlessGone(() => client.workflow.getHandle(workflowId).signal(DECISION_SIGNAL, signal))),
    cancel: async (workflowId) => void (await call(() => unlessGone(() => client.workflow.getHandle(workflowId).cancel()))),
    terminate: async (workflowId, reason) =>
      void (await call(() =>
        unlessGone(() => client.workflow.getHandle(workflowId).terminate(encrypts ? REASON_ELSEWHERE : reason)),
      )),
    lastEventAt: (workflowId) =>
      call(() =>
        client.workflowService
          .getWorkflowExecutionHistoryReverse({
            namespace: client.options.namespace,
            execution: { workflowId },
            maximumPageSize: 1,
          })
          .then(({ history }) => toDate(history?.events?.[0]?.eventTime))
          .catch(unlessNotFound),
      ),
    history: (workflowId, temporalRunId) =>
      call(
        () =>
          client.workflow
            .getHandle(workflowId, temporalRunId)
            .fetchHistory()
            .then(({ events }) => decodeHistory(workflowId, events ?? []))
            .catch(unlessNotFound),
        HISTORY_TIMEOUT_MS,
      ),
    outcome: (workflowId, temporalRunId) =>
      call(() => client.workflow.getHandle(workflowId, temporalRunId).result())
        .then((result: unknown) => ({ result }))
        .catch(unlessUnanswered),
  };
}

/** A workflow's reason to be terminated is no payload: Temporal keeps it in the open. */
const REASON_ELSEWHERE = 'Ended by Agent-Core; its record of the run has the reason.';

/** A run under this id, open or closed: whose it is, the caller finds out by describing it. */
function ifExists(error: unknown): undefined {
  if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
  throw error;
}

/** That Temporal did not answer says nothing of how the workflow ended. */
function unlessUnanswered(error: unknown): { error: unknown } {
  if (error instanceof ClancyError || error instanceof ServiceError || isGrpcServiceError(error)) throw error;
  return { error };
}

function toDate(time: { seconds?: unknown } | null | undefined): Date | undefined {
  return time?.seconds == null ? undefined : new Date(Number(time.seconds) * 1_000);
}

function unlessNotFound(error: unknown): undefined {
  if (isGrpcServiceError(error) && isNotFound(error.code)) return undefined;
  throw error;
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
