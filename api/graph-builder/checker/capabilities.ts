import type { Catalogue } from '../../../contracts/capability.ts';
import type { EmployeeDefinition, SkillNode } from '../../../contracts/employee-graph.ts';
import { findCapability } from '../catalogue.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import type { CheckProblem } from './problem.ts';

/** Skills use known capabilities, within their permissions; activation grants exactly what is used. */
export function checkCapabilities(definition: EmployeeDefinition, catalogue: Catalogue): CheckProblem[] {
  const used = new Set(
    definition.graph.nodes.flatMap(({ skill_graph: skill }) => capabilitiesOf(skill, definition.skill_graphs)),
  );
  const declared = new Set(definition.capabilities);
  return [
    ...definition.graph.nodes.flatMap((node) =>
      capabilitiesOf(node.skill_graph, definition.skill_graphs).flatMap((name) => checkUse(node, name, catalogue)),
    ),
    ...[...used]
      .filter((name) => !declared.has(name))
      .map((name) => differ(`${name} is used but not listed.`, 'Add it to capabilities.')),
    ...[...declared]
      .filter((name) => !used.has(name))
      .map((name) => differ(`${name} is listed but no skill uses it.`, 'Remove it: an employee gets no right it does not need.')),
  ];
}

function checkUse(node: SkillNode, name: string, catalogue: Catalogue): CheckProblem[] {
  const capability = findCapability(catalogue, name);
  const sentence = node.provenance?.sentences.at(-1);
  const about = { path: `nodes/${node.id}`, ...(sentence !== undefined && { sentence }) };
  if (!capability)
    return [
      {
        code: 'capability_unknown',
        ...about,
        message: `No connected provider has ${name}.`,
        next: 'Use a capability of the catalogue.',
      },
    ];
  if (node.permissions.includes(capability.permission)) return [];
  return [
    {
      code: 'permission_missing',
      ...about,
      message: `The skill uses ${name} without the permission ${capability.permission}.`,
      next: `Add ${capability.permission} to its permissions, or leave the capability out.`,
    },
  ];
}

function differ(message: string, next: string): CheckProblem {
  return { code: 'capabilities_differ', path: 'capabilities', message, next };
}
