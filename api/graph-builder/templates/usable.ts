import type { Catalogue } from '../../../contracts/capability.ts';
import { findCapability } from '../catalogue.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import type { SkillTemplate } from './template.ts';

/** Templates whose capabilities are all in the catalogue. */
export function usableTemplates(templates: SkillTemplate[], catalogue: Catalogue): SkillTemplate[] {
  return templates.filter(({ graphs }) => {
    const byId = Object.fromEntries(graphs.map((graph) => [graph.id, graph]));
    return capabilitiesOf(graphs[0].id, byId).every((capability) => findCapability(catalogue, capability) !== undefined);
  });
}
