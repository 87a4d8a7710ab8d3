import { Client, Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../api/temporal/search-attributes.ts';
import type { Temporal } from '../../dev/temporal/temporal.ts';

type Described = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>;
type HistoryEvent = NonNullable<
  Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']
>[number];

export interface Found {
  readonly id: string;
  readonly type: string;
  /** Ours, by name; those that are not set are left out. */
  readonly attributes: { readonly [name: string]: unknown };
  readonly details: string | undefined;
  readonly summary: string | undefined;
  /** What stands in its history without a summary. */
  readonly unnamed: readonly string[];
}

/** The workflows that operators find by a query, as they see them; nothing of them is encrypted here. */
export async function find({ address, namespace }: Temporal, query: string): Promise<Found[]> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    const found: Found[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) {
      const handle = client.workflow.getHandle(workflowId);
      const { events } = await handle.fetchHistory();
      found.push(await toFound(await handle.describe(), events ?? []));
    }
    return found.toSorted((one, other) => one.id.localeCompare(other.id));
  } finally {
    await connection.close();
  }
}

async function toFound(described: Described, events: readonly HistoryEvent[]): Promise<Found> {
  const attributes = Object.values(SEARCH_ATTRIBUTES).flatMap((key) => {
    const value = described.typedSearchAttributes.get(key);
    return value === undefined ? [] : [[key.name, value] as const];
  });
  return {
    id: described.workflowId,
    type: described.type,
    attributes: Object.fromEntries(attributes),
    details: await described.staticDetails(),
    summary: await described.staticSummary(),
    unnamed: events
      .filter(isWork)
      .filter(({ userMetadata }) => !userMetadata?.summary)
      .map(nameOf),
  };
}

/** An activity, a timer, a child, or a local activity that has ended. */
function isWork(event: HistoryEvent): boolean {
  return Boolean(
    event.activityTaskScheduledEventAttributes ??
    event.timerStartedEventAttributes ??
    event.startChildWorkflowExecutionInitiatedEventAttributes ??
    (event.markerRecordedEventAttributes?.markerName === 'core_local_activity' && event.markerRecordedEventAttributes),
  );
}

function nameOf(event: HistoryEvent): string {
  const { activityTaskScheduledEventAttributes: activity, startChildWorkflowExecutionInitiatedEventAttributes: child } = event;
  return `${String(event.eventId)} ${activity?.activityType?.name ?? child?.workflowId ?? String(event.eventType)}`;
}
