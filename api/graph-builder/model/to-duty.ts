import type { Json, JsonObject } from '../../../contracts/json.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import { findCapability } from '../catalogue.ts';
import type { ReadDescription } from '../build-employee.ts';
import type { Duty } from '../match/duty.ts';
import { fillSlots } from '../match/fill-slots.ts';
import type { SkillTemplate } from '../templates/template.ts';
import { splitClauses } from '../text/clauses.ts';
import type { Statement } from '../text/statements.ts';
import { triggerOf } from '../triggers/trigger-of.ts';
import type { ComposedSkill, ProposedSkill } from './proposal.ts';

/** A proposed skill as a duty of the description, or what keeps it from being one. */
export function toDuty(skill: ProposedSkill, read: ReadDescription, earlier: Duty[]): { duty: Duty } | { problems: string[] } {
  const cited = skill.sentences.map((number) => read.statements[number - 1]);
  const statements = cited.filter((statement) => statement !== undefined);
  const [first] = statements;
  if (!first || statements.length < cited.length)
    return { problems: [`there are sentences 1 to ${read.statements.length}; name those that ask for the skill`] };
  const found = 'template' in skill ? fromLibrary(skill, first, read, earlier) : composed(skill, first, read, earlier);
  if ('problems' in found) return found;
  const { template, slots } = found;
  return {
    duty: {
      id: nodeId(template.id, earlier),
      template,
      slots,
      said: [],
      sentences: [...new Set(statements.map(({ text }) => text))],
      score: 0,
      trigger: found.trigger,
      source: 'model',
      after: [],
    },
  };
}

type Filled = Pick<Duty, 'template' | 'slots' | 'trigger'> | { problems: string[] };

function fromLibrary(
  skill: Extract<ProposedSkill, { template: string }>,
  statement: Statement,
  read: ReadDescription,
  earlier: Duty[],
): Filled {
  const template = read.templates.find(({ id }) => id === skill.template);
  if (!template) return { problems: [`there is no template ${skill.template}`] };
  if (template.feeds)
    return { problems: [`the template ${template.id} builds on another duty; only the reading of the text joins them`] };
  const known = earlier.map(({ template: { id }, slots }) => ({ template: id, slots }));
  const around = { clause: statement.text, sentence: statement.text, earlier: known };
  const { condition } = splitClauses(statement.text);
  const { values } = fillSlots(template, { ...around, ...(condition !== undefined && { condition }) });
  const slots = { ...values, ...skill.slots };
  const problems = slotProblems(template, slots);
  return problems.length > 0 ? { problems } : { template, slots, trigger: triggerFor(template, statement, read) };
}

function slotProblems({ id, slots: declared, graphs: [graph] }: SkillTemplate, slots: JsonObject): string[] {
  return [
    ...Object.keys(slots)
      .filter((name) => !declared.some((slot) => slot.name === name))
      .map((name) => `the template ${id} has no slot ${name}`),
    ...declared.flatMap(({ name, required }) => {
      const value = slots[name];
      const type = Object.hasOwn(graph.input, name) ? graph.input[name]?.type : undefined;
      if (value === undefined) return required ? [`the template ${id} needs the slot ${name}`] : [];
      return type !== undefined && typeOf(value) !== type ? [`the slot ${name} of ${id} is of type ${type}`] : [];
    }),
  ];
}

function typeOf(value: Json): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}

/** The permissions of a composed skill are those of its capabilities, which `unjustified` looks at one by one. */
function composed(skill: ComposedSkill, statement: Statement, read: ReadDescription, earlier: Duty[]): Filled {
  const [main, ...others] = skill.graphs;
  const graphs: SkillTemplate['graphs'] = [main!, ...others];
  const problems = [...graphs.flatMap(graphProblems), ...clashes(graphs, read, earlier)];
  if (problems.length > 0) return { problems };
  const used = capabilitiesOf(graphs[0].id, Object.fromEntries(graphs.map((graph) => [graph.id, graph])));
  const permissions = used.map((name) => findCapability(read.catalogue, name)?.permission).filter((name) => name !== undefined);
  const template: SkillTemplate = {
    id: slug(skill.title),
    title: skill.title.replace(/[{}]/g, ''),
    asks: [],
    needs: [],
    helps: [],
    excludes: [],
    slots: Object.keys(skill.input).map((name) => ({ name, kind: 'text', required: false, question: '' })),
    graphs,
    permissions: [...new Set(permissions)],
    allows: [],
    example: { text: '', slots: {}, evaluate: [] },
  };
  const trigger = triggerFor(template, statement, read);
  const input = Object.hasOwn(main!.input, 'messages') ? {} : { input: {} };
  const event = trigger.type === 'external_event' ? { event: { source: trigger.source, ...input } } : {};
  return { template: { ...template, ...event }, slots: skill.input, trigger };
}

/** Steps that a model may not put into a skill: what is remembered and who works with tools is for people to say. */
function graphProblems({ id, nodes, remember }: SkillTemplate['graphs'][number]): string[] {
  return [
    ...nodes.filter(({ kind }) => kind === 'agent').map((node) => `${id}/${node.id}: a skill of a model holds no agent`),
    ...(remember ? [`${id}: a skill of a model remembers nothing`] : []),
  ];
}

function clashes(graphs: SkillTemplate['graphs'], read: ReadDescription, earlier: Duty[]): string[] {
  const taken = [...read.templates, ...earlier.map(({ template }) => template)].flatMap((template) =>
    template.graphs.map(({ id }) => id),
  );
  const ids = graphs.map(({ id }) => id);
  return ids
    .filter((id, at) => taken.includes(id) || ids.indexOf(id) !== at)
    .map((id) => `the graph id ${id} is taken; choose another`);
}

function triggerFor(template: SkillTemplate, statement: Statement, { timezone }: ReadDescription): Duty['trigger'] {
  const { condition } = splitClauses(statement.text);
  const { trigger } = triggerOf(statement.text, condition, timezone, template.event !== undefined);
  return trigger ?? { type: 'direct_command', sentence: statement.text };
}

function slug(title: string): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `own_${words.join('_')}`.slice(0, 40).replace(/_+$/, '');
}

function nodeId(base: string, earlier: Duty[]): string {
  const taken = earlier.map(({ id }) => id);
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}_${count}`;
    if (!taken.includes(id)) return id;
  }
}
