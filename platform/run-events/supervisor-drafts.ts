import { parseSkillRunId } from '../../contracts/ids.ts';
import { draft } from './draft.ts';
import type { Draft } from './draft.ts';
import { decisionOutputSchema, supervisedSchema } from './shapes.ts';

/** The supervisors of a run's graph, or the skill run's own node where it is one, from what the workflow was started with. */
export function supervisorsIn(input: unknown): string[] {
  const { data } = supervisedSchema.safeParse(input);
  const nodes = data?.intent?.graph_spec.nodes ?? (data?.node ? [data.node] : []);
  return nodes.filter(({ type }) => type === 'supervisor').map(({ id }) => id);
}

/** After the end of each skill that is a supervisor, what it decided. */
export function withDecisions(drafts: Draft[], supervisors: ReadonlySet<string>, workflowId: string): Draft[] {
  if (supervisors.size === 0) return drafts;
  return drafts.flatMap((one) => {
    if (one.kind !== 'skill.completed') return [one];
    const { skill_run: skillRun, output } = one.data;
    const node = parseSkillRunId(typeof skillRun === 'string' ? skillRun : workflowId)?.node;
    const decision = decisionOutputSchema.safeParse(output).data;
    if (node === undefined || !decision || !supervisors.has(node)) return [one];
    const { next, reason, by } = decision;
    return [one, draft('supervisor.decided', { node, next: [next].flat(), reason: reason.slice(0, 1_000), by })];
  });
}
