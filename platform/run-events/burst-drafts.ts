import { makeMicroAgentId } from '../../contracts/ids.ts';
import { draft } from './draft.ts';
import type { Draft } from './draft.ts';
import { burstSchema } from './shapes.ts';

/** Skills that run inside their run's workflow: begun when their first burst is seen, open until they end. */
export type InlineSkills = Map<string, 'open' | 'ended'>;

/** What a burst says: the micro-agents that finished in it and, of an inline skill, that it began or ended. */
export function burstDrafts(workflowId: string, result: unknown, inline: InlineSkills): Draft[] {
  const burst = burstSchema.safeParse(result);
  if (!burst.success) return [];
  const { thread, micro_agents, kind, code, message, output } = burst.data;
  const { skill_run, items } = thread;
  const drafts: Draft[] = [];
  const isInline = skill_run !== workflowId;
  if (isInline && !inline.has(skill_run)) {
    inline.set(skill_run, 'open');
    drafts.push(draft('skill.started', { skill_run, isolation: 'inline' }));
  }
  for (const path of micro_agents) {
    drafts.push(
      draft('micro_agent.completed', { micro_agent: idOf(skill_run, path), path, items: items.map((item) => ({ ...item })) }),
    );
  }
  const isOver = items.length === 0 && (kind === 'done' || kind === 'failed');
  if (isInline && isOver) {
    inline.set(skill_run, 'ended');
    drafts.push(
      kind === 'done' ? draft('skill.completed', { skill_run, output }) : draft('skill.failed', { skill_run, code, message }),
    );
  }
  return drafts;
}

function idOf(skillRun: string, path: string): string | undefined {
  try {
    return makeMicroAgentId(skillRun, path);
  } catch {
    return undefined;
  }
}
