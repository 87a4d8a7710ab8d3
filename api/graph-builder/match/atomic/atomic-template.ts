import type { Catalogue } from '../../../../contracts/capability.ts';
import type { JsonObject } from '../../../../contracts/json.ts';
import type { MicroAgent, SkillGraph } from '../../../../contracts/skill-graph.ts';
import { findCapability } from '../../catalogue.ts';
import { call, compute, inOrder, optional } from '../../templates/nodes.ts';
import type { SkillTemplate, TemplateSlot } from '../../templates/template.ts';
import { carriesWords, DEFAULTS } from './defaults.ts';
import { wordsExpression } from './words.ts';

export interface AtomicPlan {
  /** Qualified, in the order in which they are called. */
  capabilities: string[];
  /** Of the description, quoted: what the skill does. */
  sentence: string;
  /** Limits that only a person can judge: the skill asks before it changes anything. */
  conditions: string[];
  /** Tells the graphs of one employee apart. */
  number: number;
}

const SLOTS: { [name: string]: Pick<TemplateSlot, 'kind' | 'question'> } = {
  target: { kind: 'target_channel', question: 'In which channel should it be posted?' },
  person: { kind: 'person', question: 'Who should get the message? Give the Slack name or e-mail address.' },
  channels: { kind: 'source_channels', question: 'Which channels should be read?' },
  emoji: { kind: 'emoji', question: 'Which emoji?' },
  address: { kind: 'address', question: 'To which address should the e-mail go?' },
  label: { kind: 'label', question: 'Which label?' },
  query: { kind: 'mail_query', question: 'Which mails are meant?' },
  repository: { kind: 'repository', question: 'Which repository (owner/name)?' },
};

/** A skill of the capabilities that a sentence needs, one after another, for what no template of the library does. */
export function atomicTemplate(plan: AtomicPlan, catalogue: Catalogue): SkillTemplate {
  const { capabilities, sentence } = plan;
  const entries = capabilities.flatMap((name) => findCapability(catalogue, name) ?? []);
  const writes = entries.filter(({ risk }) => risk !== 'read');
  const main = writes.at(-1) ?? entries.at(-1)!;
  const id = `${main.provider}_${main.capability}`.replaceAll(/[^a-z0-9]+/g, '_').slice(0, 40);
  const graph = graphOf(plan, catalogue, `sg_task_${plan.number}_v1`);
  const used = JSON.stringify(graph.nodes);
  const slots = Object.entries(SLOTS).flatMap(([name, slot]) =>
    used.includes(`input.${name}`) ? [{ name, required: false, ...slot } satisfies TemplateSlot] : [],
  );
  return {
    id,
    title: titleOf(sentence),
    asks: [],
    needs: [],
    helps: [],
    excludes: [],
    slots,
    inputs: {
      given: '=$exists(trigger.payload) ? trigger.payload : {}',
      event: '=$exists(trigger.payload.event.payload) ? trigger.payload.event.payload : {}',
      message: '=$exists(trigger.payload.message) ? trigger.payload.message : {}',
    },
    graphs: [graph],
    permissions: [...new Set(entries.map(({ permission }) => permission))],
    allows: [],
    example: { text: sentence, slots: {}, evaluate: [] },
  };
}

function graphOf({ capabilities, sentence, conditions }: AtomicPlan, catalogue: Catalogue, id: string): SkillGraph {
  const isRead = (name: string): boolean => findCapability(catalogue, name)?.risk === 'read';
  const ordered = [...capabilities.filter(isRead), ...capabilities.filter((name) => !isRead(name))];
  const ids = new Map(
    ordered.map((name) => [
      name,
      name
        .split('/')[1]!
        .replaceAll('.', '_')
        .replace(/^slack_/, ''),
    ]),
  );
  const nodes: MicroAgent[] = ordered.map((name) =>
    call(ids.get(name)!, titleFor(name, catalogue), name, parametersOf(name, catalogue, new Set(ids.values()))),
  );
  const reads = nodes.filter((_, at) => isRead(ordered[at]!));
  const writes = nodes.slice(reads.length);
  const words = ordered.some(carriesWords)
    ? [
        compute(
          'words',
          'Word what was found',
          wordsExpression(
            sentence,
            reads.map((node) => node.id),
          ),
        ),
      ]
    : [];
  const gate = conditions.length > 0 && writes.length > 0 ? gateOf(conditions, words.length > 0) : [];
  return {
    id,
    title: titleOf(sentence),
    input: {
      facts: optional('array', 'What the skills before found', []),
      given: optional('object', 'What the run was given', {}),
      event: optional('object', 'The event that started it', {}),
      message: optional('object', 'The message that started it', {}),
      ...slotInputs(JSON.stringify(nodes)),
    },
    ...inOrder([...reads, ...words, ...gate, ...writes]),
    max_steps: 50,
  };
}

function slotInputs(used: string): SkillGraph['input'] {
  return Object.fromEntries(
    Object.entries(SLOTS).flatMap(([name, { question, kind }]) =>
      used.includes(`input.${name}`)
        ? [
            [
              name,
              {
                type: kind === 'source_channels' ? ('array' as const) : ('string' as const),
                description: question,
                required: false,
              },
            ],
          ]
        : [],
    ),
  );
}

/** A person is shown the limits, and what is about to be said, and decides. */
function gateOf(conditions: string[], hasWords: boolean): MicroAgent[] {
  const limits = conditions.map((text) => `"${text.replaceAll('"', "'")}"`).join(' ');
  return [
    {
      id: 'within_limits',
      kind: 'approval',
      title: 'Is it within the limits?',
      question: `The description limits this: ${limits.slice(0, 1_500)} Is what follows within the limits?`,
      details: hasWords ? { limits: conditions, words: '=nodes.words' } : { limits: conditions, found: '=nodes' },
      timeout_seconds: 7 * 86_400,
    },
    {
      id: 'may_go_on',
      kind: 'branch',
      title: 'Within the limits?',
      expression: `/* ${limits.slice(0, 1_500).replaceAll('*/', '')} */ nodes.within_limits.decision = "approved" ? "yes" : "no"`,
    },
  ];
}

function parametersOf(name: string, catalogue: Catalogue, ids: Set<string>): JsonObject {
  const schema = findCapability(catalogue, name)?.input_schema ?? {};
  const known = Object.keys((schema['properties'] ?? {}) as JsonObject);
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const defaults = DEFAULTS[name] ?? {};
  const wanted = [...new Set([...required, ...Object.keys(defaults).filter((parameter) => known.includes(parameter))])];
  return Object.fromEntries(
    wanted.flatMap((parameter) => {
      const sources = (defaults[parameter] ?? []).flatMap((source) => {
        const [, node, path] = /^([a-z_]+): (.+)$/.exec(source) ?? [];
        return node === undefined ? [source] : ids.has(node) ? [path!] : [];
      });
      if (sources.length === 0 && !required.includes(parameter)) return [];
      const all = [`input.given.${parameter}`, ...sources];
      const expression =
        all
          .slice(0, -1)
          .map((source) => `$exists(${source}) ? ${source} : `)
          .join('') + all.at(-1)!;
      return [[parameter, `=${expression}`]];
    }),
  );
}

function titleFor(name: string, catalogue: Catalogue): string {
  return findCapability(catalogue, name)?.title.slice(0, 120) ?? name;
}

function titleOf(sentence: string): string {
  const plain = sentence.replaceAll(/[{}]/g, '').replace(/\s+/g, ' ').trim();
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
}
