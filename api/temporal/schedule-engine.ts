import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client, type ScheduleOptions } from '@temporalio/client';
import { encodeScheduleOverlapPolicy } from '@temporalio/client/lib/schedule-types.js';
import { msToTs } from '@temporalio/common/lib/time.js';
import { temporalScheduleId, type OverlapPolicy } from '../../contracts/schedule.ts';
import { toCalendarSpec } from './calendar-spec.ts';
import { isNotFound, refusedArgument, toTemporalError } from './errors.ts';
import { OVERLAP, scheduleOptions, type WantedSchedule } from './schedule-options.ts';

const CALL_TIMEOUT_MS = 5_000;
/** So many of the latest actions a description of a schedule lists. */
const RECENT_ACTIONS = 10;

/** What Temporal says of a schedule, as far as people are shown it. */
export interface ScheduleState {
  isPaused: boolean;
  note: string | undefined;
  nextTimes: Date[];
  /** Runs left out because an earlier one was still going on. */
  skippedOverlap: number;
  /** Runs left out because Temporal was away for longer than the catch-up window. */
  missedCatchUp: number;
  /** The newest executions that the schedule started itself, oldest first. */
  started: { workflowId: string; temporalRunId: string }[];
  /** `started` lacks none that was started after this moment. */
  startedIsWholeSince: Date;
  /** Runs that wait for an earlier one to end. */
  waiting: number;
}

/** What Agent-Core does with Temporal's schedules. A Temporal that is away shows as `dependency_unavailable`. */
export interface ScheduleEngine {
  /**
   * Makes the schedule, or makes the one that is there equal to what is wanted.
   * @returns why Temporal refuses it for good; undefined = done.
   */
  put(wanted: WantedSchedule): Promise<{ refusedBecause: string } | undefined>;
  /** One that is gone needs no removal. */
  remove(scheduleId: string): Promise<void>;
  /**
   * Takes the action now, named by `at`. The same `requestId` counts once while Temporal remembers it.
   * @returns false when Temporal has no such schedule.
   */
  trigger(scheduleId: string, order: { at: Date; overlap: OverlapPolicy; requestId: string }): Promise<boolean>;
  /** `undefined` = Temporal has no such schedule. */
  describe(scheduleId: string): Promise<ScheduleState | undefined>;
}

export function createScheduleEngine({
  client,
  workflowTaskTimeoutMs,
  encrypts = false,
}: {
  client: Client;
  workflowTaskTimeoutMs?: number;
  /** A schedule's note is no payload: Temporal keeps it in the open, so that it must hold no words of people then. */
  encrypts?: boolean;
}): ScheduleEngine {
  const call = <T>(work: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + CALL_TIMEOUT_MS, work).catch(toTemporalError);
  const handleOf = (scheduleId: string) => client.schedule.getHandle(temporalScheduleId(scheduleId));

  return {
    put: (wanted) =>
      call(async () => {
        const comment = 'cron' in wanted.times ? wanted.times.cron : wanted.times.calendar.at.join(' ');
        const calendars = wanted.entries.map((entry) => toCalendarSpec(entry, comment));
        const options = {
          ...scheduleOptions(encrypts ? { ...wanted, note: '' } : wanted, workflowTaskTimeoutMs),
          spec: { calendars, timezone: wanted.timezone },
        };
        try {
          await createOrUpdate(client, options);
          return undefined;
        } catch (error) {
          const refusedBecause = refusedArgument(error);
          if (refusedBecause === undefined) throw error;
          return { refusedBecause };
        }
      }),
    remove: (scheduleId) => call(() => unlessGone(() => handleOf(scheduleId).delete())),
    trigger: async (scheduleId, { at, overlap, requestId }) => {
      const patched = await call(() =>
        unlessGone(() =>
          // The SDK's `trigger` makes a request id of its own each time and names no instant.
          client.workflowService.patchSchedule({
            namespace: client.options.namespace,
            scheduleId: temporalScheduleId(scheduleId),
            requestId,
            patch: {
              triggerImmediately: {
                overlapPolicy: encodeScheduleOverlapPolicy(OVERLAP[overlap]) ?? null,
                scheduledTime: msToTs(at.getTime()),
              },
            },
          }),
        ),
      );
      return patched !== undefined;
    },
    describe: (scheduleId) =>
      call(() =>
        unlessGone(async () => {
          const { state, info, raw } = await handleOf(scheduleId).describe();
          const actions = [...info.recentActions.map(({ action }) => action), ...info.runningActions];
          return {
            isPaused: state.paused,
            note: state.note,
            nextTimes: info.nextActionTimes,
            skippedOverlap: info.numActionsSkippedOverlap,
            missedCatchUp: info.numActionsMissedCatchupWindow,
            started: actions.map(({ workflow }) => ({
              workflowId: workflow.workflowId,
              temporalRunId: workflow.firstExecutionRunId,
            })),
            startedIsWholeSince: wholeSince(info.recentActions),
            waiting: Number(raw.info?.bufferSize ?? 0),
          };
        }),
      ),
  };
}

type Options = ReturnType<typeof scheduleOptions> & Pick<ScheduleOptions, 'spec'>;

async function createOrUpdate(client: Client, options: Options): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(options.scheduleId).update(() => options);
  }
}

function wholeSince(recent: readonly { takenAt: Date }[]): Date {
  const takenAtMs = recent.map(({ takenAt }) => takenAt.getTime());
  return new Date(recent.length < RECENT_ACTIONS ? 0 : Math.min(...takenAtMs));
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    if (error instanceof Error && 'code' in error && isNotFound(error.code)) return undefined;
    throw error;
  }
}
