import { v5 as uuidV5 } from 'uuid';
import type { AgentEvent } from '../../../contracts/events.ts';
import type { CoreDatabase } from '../../../db/client.ts';
import { createHistoryMapper } from '../../../platform/run-events/history-mapper.ts';
import { pause } from '../../../platform/pause.ts';
import { findRun, isOpen, type RunRow } from '../find.ts';
import { END, encodeCursor } from './cursor.ts';
import type { ChildRef } from './feed.ts';
import type { Feeds } from './feeds.ts';
import { follow, type CursoredEvent } from './follow.ts';

/** What the events of a run say of it. */
export type RunIdentity = Pick<RunRow, 'orgId' | 'runId' | 'employeeId' | 'executionId'>;

export interface WatchDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  feeds: Feeds;
}

/** How often the row of a run that has not started is looked at. */
const NOT_STARTED_INTERVAL_MS = 500;
/** Namespace of the ids of events that stand for a recorded result. */
const RECORDED = '1d7f6c9e-4f0e-4b4e-9a55-5c1f6f7c2a10';

/**
 * The events of a run behind the cursor, to its end. A run whose history is gone, and one that ended before its start,
 * answer with what was recorded.
 *
 * @throws ClancyError `not_found` for a run that is not the organisation's.
 */
export async function* watchRun(
  deps: WatchDeps,
  run: RunIdentity,
  cursor: Map<string, number>,
  signal: AbortSignal,
): AsyncGenerator<CursoredEvent> {
  if (cursor.get('') === END) return;
  const started = await waitFor(
    deps,
    run,
    signal,
    ({ temporalRunId, status }) => temporalRunId !== null || status !== 'requested',
  );
  if (started?.temporalRunId) {
    const execution = { workflowId: run.runId, runId: started.temporalRunId };
    const createMapper = ({ workflowId, runId: temporalRunId }: ChildRef) =>
      createHistoryMapper({ ...run, workflowId, temporalRunId });
    const hold = (workflow: ChildRef) => deps.feeds.hold({ createMapper }, workflow);
    const how = yield* follow({ run: execution, cursor, hold, signal });
    if (how === 'ended') return;
  }
  const ended = await waitFor(deps, run, signal, (row) => !isOpen(row));
  if (ended) yield recordedEvent(ended);
}

async function waitFor(
  deps: Pick<WatchDeps, 'db'>,
  { orgId, runId }: RunIdentity,
  signal: AbortSignal,
  isSo: (row: RunRow) => boolean,
): Promise<RunRow | undefined> {
  while (!signal.aborted) {
    const row = await deps.db.withOrgRead({ orgId }, (tx) => findRun(tx, runId));
    if (isSo(row)) return row;
    await pause(NOT_STARTED_INTERVAL_MS, signal);
  }
  return undefined;
}

/** The last event of a run, made of its row. */
function recordedEvent(run: RunRow): CursoredEvent {
  const status = run.status === 'completed' || run.status === 'failed' ? run.status : 'interrupted';
  const event: AgentEvent = {
    event_id: uuidV5(`${run.orgId}|${run.runId}|${run.temporalRunId ?? ''}`, RECORDED),
    schema_version: 1,
    type: 'agentEvent',
    org_id: run.orgId,
    employee_id: run.employeeId,
    execution_id: run.executionId,
    run_id: run.runId,
    timestamp: (run.finishedAt ?? run.requestedAt).toISOString(),
    sequence: 0,
    kind: `run.${status}`,
    data: {
      ...(run.result?.error !== undefined && { error: run.result.error }),
      ...(run.errorCode !== null && { error_code: run.errorCode }),
      ...(run.result && { result: run.result.result }),
      recorded: true,
    },
  };
  return { id: encodeCursor(new Map([['', END]])), event };
}
