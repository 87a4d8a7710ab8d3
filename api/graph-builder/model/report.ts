import type { Explanation } from '../../../contracts/employee-graph.ts';
import type { ReadDescription } from '../build-employee.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import type { Duty } from '../match/duty.ts';

export type ModelReport = NonNullable<Explanation['model']>;

/** What the model added to the answer without a model: the difference between the two. */
export function used(name: string, asked: number, read: ReadDescription, added: Duty[]): ModelReport {
  const before = of(read.duties);
  const after = of([...read.duties, ...added]);
  return {
    name,
    asked,
    used: added.length > 0,
    ...(added.length === 0 && { reason: 'it had nothing to add' }),
    added_skills: added.map(({ id, template, sentences }) => ({
      skill: id,
      sentences,
      capabilities: of([{ template }]).capabilities,
      ...(read.templates.includes(template) && { template: template.id }),
    })),
    added_capabilities: after.capabilities.filter((one) => !before.capabilities.includes(one)),
    added_permissions: after.permissions.filter((one) => !before.permissions.includes(one)),
    problems: [],
  };
}

/** Why the answer without a model stands. */
export function notUsed(name: string, why: { refused: string; problems: string[]; asked: number }): ModelReport {
  return {
    name,
    asked: why.asked,
    used: false,
    reason: why.refused,
    added_skills: [],
    added_capabilities: [],
    added_permissions: [],
    problems: why.problems.map((problem) => problem.slice(0, 500)),
  };
}

function of(duties: Pick<Duty, 'template'>[]): { capabilities: string[]; permissions: string[] } {
  const capabilities = duties.flatMap(({ template: { graphs } }) =>
    capabilitiesOf(graphs[0].id, Object.fromEntries(graphs.map((graph) => [graph.id, graph]))),
  );
  const permissions = duties.flatMap(({ template }) => template.permissions);
  return { capabilities: [...new Set(capabilities)].sort(), permissions: [...new Set(permissions)].sort() };
}
