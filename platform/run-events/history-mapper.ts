import { v5 as uuidV5 } from 'uuid';
import { agentEventSchema } from '../../contracts/events.ts';
import type { AgentEvent } from '../../contracts/events.ts';
import { parseSkillRunId } from '../../contracts/ids.ts';
import { completedDrafts, scheduledDrafts } from './activity-drafts.ts';
import { burstDrafts } from './burst-drafts.ts';
import type { InlineSkills } from './burst-drafts.ts';
import { draft } from './draft.ts';
import type { Draft } from './draft.ts';
import { decodePlain, eventIdOf, firstOf, timestampOf } from './history-event.ts';
import type { DecodePayload, HistoryEvent } from './history-event.ts';
import { markerSchema } from './shapes.ts';
import { supervisorsIn, withDecisions } from './supervisor-drafts.ts';
import { endDrafts, startDrafts } from './workflow-drafts.ts';

export interface HistoryMapperOptions {
  orgId: string;
  employeeId: string;
  executionId: string;
  /** Run id or skill run id. */
  workflowId: string;
  /** Temporal's own id of this execution of the workflow. */
  temporalRunId: string;
  decode?: DecodePayload;
}

/**
 * Tells the history of one workflow as agent events. The same history always gives the same events with the same ids, on
 * any copy of the API. It remembers what was scheduled, so it is given every event from the first on, in order.
 */
export interface HistoryMapper {
  map(event: HistoryEvent): AgentEvent[];
  /** Workflow and Temporal run ids of the children started so far: each has a history of its own. */
  readonly children: { workflowId: string; temporalRunId: string }[];
  /** Has the workflow ended? */
  isOver(): boolean;
}

/** Namespace of our event ids (RFC 9562, 5.5); any constant does. */
const EVENT_IDS = '6f1f6a0e-4f0c-5a53-9d3c-2f3b1f4f6f10';

export function createHistoryMapper(options: HistoryMapperOptions): HistoryMapper {
  const { workflowId, decode = decodePlain } = options;
  const level = parseSkillRunId(workflowId) ? 'skill' : 'run';
  const scheduled = new Map<number, { type: string; input: unknown }>();
  const knownCalls = new Set<string>();
  const inline: InlineSkills = new Map();
  const supervisors = new Set<string>();
  const children: HistoryMapper['children'] = [];
  let isOver = false;

  function draftsOf(event: HistoryEvent): Draft[] {
    if (event.workflowExecutionStartedEventAttributes) return onStarted(event);
    if (event.activityTaskScheduledEventAttributes) return onScheduled(event, event.activityTaskScheduledEventAttributes);
    if (event.activityTaskCompletedEventAttributes) return onCompleted(event.activityTaskCompletedEventAttributes);
    if (event.markerRecordedEventAttributes) return onMarker(event.markerRecordedEventAttributes);
    if (event.upsertWorkflowSearchAttributesEventAttributes)
      return onAttributes(event.upsertWorkflowSearchAttributesEventAttributes);
    if (event.childWorkflowExecutionStartedEventAttributes) return onChild(event.childWorkflowExecutionStartedEventAttributes);
    const ends = endDrafts(level, event, inline, decode);
    if (ends.length > 0) isOver = true;
    return ends;
  }

  function onStarted(event: HistoryEvent): Draft[] {
    const input = firstOf(event.workflowExecutionStartedEventAttributes?.input, decode);
    for (const node of supervisorsIn(input)) supervisors.add(node);
    return startDrafts(level, event, inline, decode);
  }

  function onScheduled(event: HistoryEvent, { activityType, input }: Attributes<'activityTaskScheduled'>): Draft[] {
    const activity = { type: activityType?.name ?? '', input: firstOf(input, decode) };
    scheduled.set(eventIdOf(event.eventId), activity);
    return scheduledDrafts(activity.type, activity.input, knownCalls);
  }

  function onCompleted({ scheduledEventId, result }: Attributes<'activityTaskCompleted'>): Draft[] {
    const activity = scheduled.get(eventIdOf(scheduledEventId));
    scheduled.delete(eventIdOf(scheduledEventId));
    if (!activity) return [];
    const value = firstOf(result, decode);
    if (activity.type === 'runSkillBurst') return burstDrafts(workflowId, value, inline);
    return completedDrafts(level, activity.type, activity.input, value);
  }

  /** Bursts without a model are local activities: they leave a marker, with their result and without their input. */
  function onMarker({ markerName, details }: Attributes<'markerRecorded'>): Draft[] {
    if (markerName !== 'core_local_activity') return [];
    const about = markerSchema.safeParse(firstOf(details?.['data'], decode));
    if (about.data?.activity_type !== 'runSkillBurst') return [];
    return burstDrafts(workflowId, firstOf(details?.['result'], decode), inline);
  }

  function onAttributes({ searchAttributes }: Attributes<'upsertWorkflowSearchAttributes'>): Draft[] {
    const payload = searchAttributes?.indexedFields?.['WaitingOn'];
    // Search attributes are never encrypted.
    const value: unknown = payload && firstOf({ payloads: [payload] }, decodePlain);
    return Array.isArray(value) ? [draft('waiting', { on: value.map(String) })] : [];
  }

  function onChild({ workflowExecution }: Attributes<'childWorkflowExecutionStarted'>): Draft[] {
    const { workflowId: id, runId } = workflowExecution ?? {};
    if (id && runId) children.push({ workflowId: id, temporalRunId: runId });
    return [];
  }

  return {
    children,
    isOver: () => isOver,
    map: (event) =>
      withDecisions(draftsOf(event), supervisors, workflowId).map((one, position) => toAgentEvent(options, event, one, position)),
  };
}

type Attributes<Name extends string> = NonNullable<HistoryEvent[`${Name}EventAttributes` & keyof HistoryEvent]>;

/** Where one event of the history says several things, those after the first have their position in their id. */
function toAgentEvent(options: HistoryMapperOptions, event: HistoryEvent, { kind, data }: Draft, position: number): AgentEvent {
  const { orgId, employeeId, executionId, workflowId, temporalRunId } = options;
  const sequence = eventIdOf(event.eventId);
  const name = [workflowId, temporalRunId, sequence, ...(position > 0 ? [position] : [])].join('|');
  return agentEventSchema.parse({
    type: 'agentEvent',
    event_id: uuidV5(name, EVENT_IDS),
    org_id: orgId,
    employee_id: employeeId,
    execution_id: executionId,
    run_id: workflowId,
    sequence,
    kind,
    data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)),
    timestamp: timestampOf(event),
  });
}
