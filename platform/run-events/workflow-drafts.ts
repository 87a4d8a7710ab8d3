import type { z } from 'zod';
import type { AgentEvent } from '../../contracts/events.ts';
import type { InlineSkills } from './burst-drafts.ts';
import { parseSkillRunId } from '../../contracts/ids.ts';
import { draft } from './draft.ts';
import type { Draft } from './draft.ts';
import { firstOf } from './history-event.ts';
import type { DecodePayload, HistoryEvent } from './history-event.ts';
import { runInputSchema, runResultSchema, skillInputSchema, skillResultSchema } from './shapes.ts';

/** Which workflow a history is of. */
export type Level = 'run' | 'skill';

export function startDrafts(level: Level, event: HistoryEvent, inline: InlineSkills, decode: DecodePayload): Draft[] {
  const input = firstOf(event.workflowExecutionStartedEventAttributes?.input, decode);
  if (level === 'run') {
    const run = runInputSchema.safeParse(input).data;
    const started = draft('run.started', { trigger_type: run?.intent.trigger.type, source: run?.intent.trigger.source });
    return run ? [started, ...memoryDrafts(run), ...resumedDrafts(run, inline)] : [started];
  }
  const skill = skillInputSchema.safeParse(input).data;
  return [
    draft('skill.started', {
      node: skill?.node.id,
      title: skill?.node.title,
      skill_graph: skill?.node.skill_graph,
      visit: skill?.visit,
    }),
  ];
}

/** Which memories the run was given, without what they say: whoever may read those asks for them by id. */
function memoryDrafts({ plan }: z.infer<typeof runInputSchema>): Draft[] {
  const memories = plan?.memory?.entries ?? [];
  return memories.length === 0 ? [] : [draft('memory.used', { count: memories.length, memories })];
}

/**
 * Of a retry: skills that an earlier run of its chain had finished are not run again, and an inline one that goes on has no
 * first burst, so that no other event tells of them.
 */
function resumedDrafts({ intent, resume }: z.infer<typeof runInputSchema>, inline: InlineSkills): Draft[] {
  return Object.entries(resume?.skills ?? {}).flatMap(([visit, { result }]) => {
    const skill_run = `${intent.run_id}:skill:${visit}`;
    if (result) return [draft('skill.completed', { skill_run, taken_from_earlier_run: true, ...result })];
    const node = intent.graph_spec.nodes.find(({ id }) => id === parseSkillRunId(skill_run)?.node);
    if (node?.isolation !== 'inline') return [];
    inline.set(skill_run, 'open');
    return [draft('skill.started', { skill_run, isolation: 'inline' })];
  });
}

/** The end of a workflow; empty for any other event. */
export function endDrafts(level: Level, event: HistoryEvent, inline: InlineSkills, decode: DecodePayload): Draft[] {
  const done = event.workflowExecutionCompletedEventAttributes;
  if (done) return endedWith(level, 'completed', firstOf(done.result, decode), {}, inline);
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) {
    const { message, applicationFailureInfo: info } = failed.failure ?? {};
    const about = { code: info?.type ?? undefined, message: message ?? undefined };
    return endedWith(level, 'failed', firstOf(info?.details, decode), about, inline);
  }
  const reason = stopReason(event);
  return reason === undefined ? [] : endedWith(level, 'interrupted', undefined, { reason }, inline);
}

type EndStatus = 'completed' | 'failed' | 'interrupted';

function endedWith(level: Level, ended: EndStatus, payload: unknown, about: Draft['data'], inline: InlineSkills): Draft[] {
  if (level === 'skill') {
    const { output, capabilities_used, calls_made } = skillResultSchema.safeParse(payload).data ?? {};
    return [draft(`skill.${ended}`, { ...about, output, capabilities_used, calls_made }), ...budgetDrafts(about)];
  }
  const { data: result } = runResultSchema.safeParse(payload);
  const status = result?.status ?? ended;
  const { hierarchical_events: skills = [], status: _status, ...rest } = result ?? {};
  const open = skills.filter(({ run_id }) => inline.get(run_id) === 'open');
  return [
    ...open.map((skill) => draft(skillEnd(skill.status), { skill_run: skill.run_id })),
    ...budgetDrafts(about),
    draft(`run.${status}`, { ...about, ...rest }),
  ];
}

function budgetDrafts({ code, message }: Draft['data']): Draft[] {
  return code === 'budget_exceeded' || code === 'quota_exceeded' ? [draft('budget.exceeded', { message })] : [];
}

function skillEnd(status: string): AgentEvent['kind'] {
  if (status === 'completed') return 'skill.completed';
  return status === 'failed' ? 'skill.failed' : 'skill.interrupted';
}

function stopReason(event: HistoryEvent): string | undefined {
  if (event.workflowExecutionCanceledEventAttributes) return 'cancelled';
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) return terminated.reason ? `terminated: ${terminated.reason}` : 'terminated';
  return event.workflowExecutionTimedOutEventAttributes ? 'timed out' : undefined;
}
