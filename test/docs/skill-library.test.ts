import { expect, it } from 'vitest';
import { riskOf } from '../../api/graph-builder/catalogue.ts';
import { capabilitiesOf } from '../../api/graph-builder/graph-capabilities.ts';
import { bookTemplates } from '../../api/graph-builder/templates/books.ts';
import { skillTemplates } from '../../api/graph-builder/templates/index.ts';
import { officeTemplates } from '../../api/graph-builder/templates/office.ts';
import type { SkillTemplate } from '../../api/graph-builder/templates/template.ts';
import { productCatalogue } from '../../api/graph-builder/testing/product-catalogue.ts';

const catalogue = productCatalogue();
const COLUMNS = ['skill', 'asked for, for example, as', 'reads', 'writes', 'remembers'];

/** The skills of the library as a table: what each is asked for by, and all that it may touch. */
function tableOf(templates: readonly SkillTemplate[]): string {
  const rows = templates.map((template) => [
    `\`${template.id}\``,
    template.asks[0] ?? '',
    ...touched(template),
    remembered(template),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(line)].join('\n');
}

function touched({ graphs }: SkillTemplate): [reads: string, writes: string] {
  const used = capabilitiesOf(graphs[0].id, Object.fromEntries(graphs.map((graph) => [graph.id, graph])));
  const isRead = (capability: string): boolean => riskOf(catalogue, capability) === 'read';
  const words = (capabilities: string[]) => capabilities.map((one) => `\`${one}\``).join(', ');
  return [words(used.filter(isRead)), words(used.filter((one) => !isRead(one)))];
}

function remembered({ graphs }: SkillTemplate): string {
  const kinds = graphs.flatMap(({ remember = [] }) => remember.map(({ scope, kind }) => `${kind} (${scope})`));
  return [...new Set(kinds)].join(', ');
}

function page(): string {
  const others = skillTemplates.filter((template) => !bookTemplates.includes(template) && !officeTemplates.includes(template));
  const sections: [title: string, templates: readonly SkillTemplate[]][] = [
    ['Books', bookTemplates],
    ['Mail, calendar, people, leads, monitoring', officeTemplates],
    ['Slack', others],
  ];
  const head = `# The skill library\n\nAll ${skillTemplates.length} skills that job descriptions are built of without a model. [Skills](skills.md) says how they are chosen, and how one is added. A test writes this page out of the templates and fails where the two differ.\n`;
  return [head, ...sections.map(([title, templates]) => `## ${title}\n\n${tableOf(templates)}\n`)].join('\n');
}

// Renewed by `npx vitest run --project unit test/docs/skill-library.test.ts -u`.
it('docs/skill-library.md says what the library holds', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/skill-library.md');
});

it('the library holds at least thirty skills, each under one id', () => {
  const ids = skillTemplates.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(30);
});
