import type { z } from 'zod';
import type { EmployeeGraph } from '../../../contracts/employee-graph.ts';
import { ClancyError } from '../../../contracts/errors.ts';
import type { RunResume } from '../../../contracts/resume.ts';
import {
  decodePlain,
  eventIdOf,
  firstOf,
  type DecodePayload,
  type HistoryEvent,
} from '../../../platform/run-events/history-event.ts';
import type { RunEngine } from '../../temporal/run-engine.ts';
import { createProgress, type Progress } from './progress.ts';
import { recordedBurst, recordedMarker, recordedSkill, recordedWays } from './recorded.ts';

export interface EarlierRun {
  runId: string;
  temporalRunId: string | null;
  graph: EmployeeGraph;
  /** What it went on from, if it was a retry itself. */
  resume: RunResume['skills'] | undefined;
}

interface ChildRef {
  workflowId: string;
  runId: string;
}

/**
 * How far a run that has ended had come: its results and last bursts, from its history and those of its unfinished skill
 * runs. A run that never started had not begun.
 *
 * @throws ClancyError `history_gone` when Temporal does not hold them any more, or they cannot be read.
 */
export async function readProgress(
  engine: Pick<RunEngine, 'history'>,
  run: EarlierRun,
  decode: DecodePayload = decodePlain,
): Promise<RunResume['skills']> {
  const progress = createProgress(run.graph, run.resume);
  const events = await engine.history(run.runId, run.temporalRunId ?? undefined);
  if (events === undefined && run.temporalRunId !== null) throw gone('Temporal does not hold the history of this run any more.');
  assertEnded(events);
  const children = readEvents(progress, events ?? [], decode);
  for (const { workflowId, runId } of children) {
    const ofSkill = await engine.history(workflowId, runId);
    if (ofSkill === undefined) throw gone('Temporal does not hold the history of one of its skills any more.');
    assertEnded(ofSkill);
    readEvents(progress, ofSkill, decode);
  }
  return progress.skills;
}

/** The workflow of a run that was terminated here is ended a moment later. What it does until then must be read too. */
function assertEnded(events: readonly HistoryEvent[] | undefined): void {
  const last = events?.at(-1);
  if (last === undefined || ENDS.some((end) => last[`workflowExecution${end}EventAttributes`])) return;
  throw new ClancyError('dependency_unavailable', 'The workflow of this run is still being ended.', {
    next: 'Try again in a moment.',
    retryAfterMs: 1_000,
  });
}

const ENDS = ['Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut'] as const;

/** Tells `progress` what stands in one history; gives the children that had not finished. */
function readEvents(progress: Progress, events: readonly HistoryEvent[], decode: DecodePayload): ChildRef[] {
  const bursts = new Set<number>();
  const open = new Map<string, ChildRef>();
  for (const event of events) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === 'runSkillBurst') bursts.add(eventIdOf(event.eventId));
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed && bursts.has(eventIdOf(completed.scheduledEventId)))
      progress.burst(read(recordedBurst, firstOf(completed.result, decode)));
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName === 'core_local_activity' && !marker.failure) readMarker(progress, marker, decode);
    const { workflowId, runId } = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution ?? {};
    if (workflowId && runId) open.set(workflowId, { workflowId, runId });
    const ended = event.childWorkflowExecutionCompletedEventAttributes;
    const skillRun = ended?.workflowExecution?.workflowId;
    if (skillRun) {
      open.delete(skillRun);
      progress.finished(skillRun, read(recordedSkill, firstOf(ended.result, decode)));
    }
  }
  return [...open.values()];
}

type Marker = NonNullable<HistoryEvent['markerRecordedEventAttributes']>;

function readMarker(progress: Progress, { details }: Marker, decode: DecodePayload): void {
  const about = recordedMarker.safeParse(firstOf(details?.['data'], decode));
  const result = firstOf(details?.['result'], decode);
  if (about.data?.activity_type === 'runSkillBurst') progress.burst(read(recordedBurst, result));
  if (about.data?.activity_type === 'evaluateEdges') progress.decided(read(recordedWays, result).taken);
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw gone('The history of this run cannot be read.');
}

function gone(message: string): ClancyError {
  return new ClancyError('history_gone', message, {
    next: 'POST /v1/runs/{run_id}/run-again starts afresh: it makes all effects again.',
  });
}
