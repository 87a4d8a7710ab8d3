import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';

type Answer = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>;
type RawEvent = NonNullable<NonNullable<Answer['history']>['events']>[number];
type Payloads =
  | { [name: string]: { payloads?: Parameters<typeof defaultPayloadConverter.fromPayload>[0][] | null } }
  | null
  | undefined;

/** One event of the history of a run or of one of its skill runs. */
export interface SeenEvent {
  /** Id of the workflow less the run's own, so that the same place is found in another run: `` or `:skill:announce`. */
  readonly workflow: string;
  /** Its number in that history, from 1. */
  readonly eventId: number;
  /** Event type and what it is about: `ActivityTaskCompleted callCapability`, `MarkerRecorded runSkillBurst(wait)`. */
  readonly kind: string;
  /** When the server recorded it. */
  readonly at: string;
}

/**
 * The events of a run and of its skill runs as Temporal records them, each once, by long polling; ends when the run and
 * all of them have closed, or at the deadline. `onEvent` is called in order within each workflow.
 */
export async function watchHistories(
  client: Client,
  runId: string,
  onEvent: (event: SeenEvent) => void,
  deadline: Date,
): Promise<void> {
  const children: Promise<void>[] = [];
  await watchOne(runId);
  await Promise.all(children);

  async function watchOne(workflowId: string): Promise<void> {
    const naming = createNaming();
    for await (const event of eventsOf(client, workflowId, deadline)) {
      onEvent({
        workflow: workflowId.slice(runId.length),
        eventId: Number(event.eventId),
        kind: naming(event),
        at: timeOf(event),
      });
      const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId;
      if (child) children.push(watchOne(child));
    }
  }
}

/** A long poll answers within 20 s, also with nothing; the token is empty once the workflow has closed. */
async function* eventsOf(client: Client, workflowId: string, deadline: Date): AsyncGenerator<RawEvent> {
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const token = nextPageToken;
    const answer: Answer | undefined = await client.connection
      .withDeadline(deadline, () =>
        client.workflowService.getWorkflowExecutionHistory({
          namespace: client.options.namespace,
          execution: { workflowId },
          waitNewEvent: true,
          ...(token && { nextPageToken: token }),
        }),
      )
      .catch((error: unknown) => {
        if (new Date() < deadline) throw error;
        return undefined;
      });
    if (!answer) return;
    yield* answer.history?.events ?? [];
    nextPageToken = answer.nextPageToken;
  } while (nextPageToken && nextPageToken.length > 0);
}

/** Names events; later events of an activity or a timer are about what its first one said. */
function createNaming(): (event: RawEvent) => string {
  const subjects = new Map<number, string>();
  return (event) => {
    const attributes = attributesOf(event);
    const first = Number(attributes.scheduledEventId ?? attributes.startedEventId);
    const subject = ownSubject(event) ?? subjects.get(first) ?? '';
    subjects.set(Number(event.eventId), subject);
    return `${attributes.type} ${subject}`.trim();
  };
}

function timeOf({ eventTime }: RawEvent): string {
  return new Date(Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000).toISOString();
}

interface Attributes {
  readonly type: string;
  readonly scheduledEventId?: unknown;
  readonly startedEventId?: unknown;
}

const SUFFIX = 'EventAttributes';

/** An event carries exactly one `...EventAttributes`, which is named after its type. */
function attributesOf(event: RawEvent): Attributes {
  for (const [name, value] of Object.entries(event)) {
    if (!name.endsWith(SUFFIX) || typeof value !== 'object' || value === null) continue;
    return { ...value, type: name.charAt(0).toUpperCase() + name.slice(1, -SUFFIX.length) };
  }
  throw new Error(`event ${String(event.eventId)} has no attributes`);
}

function ownSubject(event: RawEvent): string | undefined {
  const {
    activityTaskScheduledEventAttributes: activity,
    timerStartedEventAttributes: timer,
    markerRecordedEventAttributes: marker,
  } = event;
  if (activity) return activity.activityType?.name ?? undefined;
  if (timer) return 'wait';
  return marker ? localActivity(marker.details) : undefined;
}

const localActivitySchema = z.object({ activity_type: z.string() });
const burstSchema = z.object({ kind: z.string(), requests: z.array(z.object({ kind: z.string() })).default([]) });

/** A burst is told apart by the kinds of the nodes that it stopped at. */
function localActivity(details: Payloads): string {
  const { activity_type: type } = localActivitySchema.parse(decode(details, 'data'));
  const burst = burstSchema.safeParse(decode(details, 'result'));
  if (!burst.success) return type;
  const kinds = [...new Set(burst.data.requests.map(({ kind }) => kind))].sort();
  return `${type}(${kinds.length > 0 ? kinds.join(', ') : burst.data.kind})`;
}

function decode(details: Payloads, name: string): unknown {
  const payload = details?.[name]?.payloads?.[0];
  return payload && defaultPayloadConverter.fromPayload(payload);
}
