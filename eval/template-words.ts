import type { SkillTemplate } from '../api/graph-builder/templates/template.ts';

/** What a template knows of how people speak. */
export function wordsOfTemplates(templates: readonly SkillTemplate[]): { place: string; text: string }[] {
  return templates.flatMap(({ id, asks, askedAfter, example, needs, helps, excludes }) =>
    [...asks, askedAfter ?? '', example.text, ...needs.flat(), ...helps, ...excludes].map((text) => ({
      place: `the template ${id}`,
      text,
    })),
  );
}
