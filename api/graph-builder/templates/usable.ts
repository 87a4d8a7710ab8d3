import type { Catalogue } from '../../../contracts/capability.ts';
import { findCapability } from '../catalogue.ts';
import { capabilitiesOfTemplate } from './capabilities.ts';
import type { SkillTemplate } from './template.ts';

/** Templates whose capabilities are all in the catalogue. */
export function usableTemplates(templates: SkillTemplate[], catalogue: Catalogue): SkillTemplate[] {
  return templates.filter((template) =>
    capabilitiesOfTemplate(template).every((capability) => findCapability(catalogue, capability) !== undefined),
  );
}
