import { capabilitiesOf } from '../graph-capabilities.ts';
import type { SkillTemplate } from './template.ts';

const known = new WeakMap<SkillTemplate, string[]>();

/** All that a template's graphs use; templates are data that never changes, so it is found once. */
export function capabilitiesOfTemplate(template: SkillTemplate): string[] {
  const found =
    known.get(template) ??
    capabilitiesOf(template.graphs[0].id, Object.fromEntries(template.graphs.map((graph) => [graph.id, graph])));
  known.set(template, found);
  return found;
}
