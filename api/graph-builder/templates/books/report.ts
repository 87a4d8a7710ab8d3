import type { JsonObject } from '../../../../contracts/json.ts';
import type { Remember, SkillGraph } from '../../../../contracts/skill-graph.ts';
import type { Thing } from '../../match/lexicon/meaning.ts';
import { toAddress, toChannel, toPerson } from '../deliver.ts';
import { text } from '../pieces.ts';
import type { SkillTemplate, TemplateExample, TemplateSlot } from '../template.ts';
import { FOR_SLACK } from './texts.ts';

type Node = SkillGraph['nodes'][number];

/** A report over the books as data: what is read, how it is worded, and how people ask for it. */
export interface Report {
  id: string;
  /** What it is called in titles: `Bills due`. */
  title: string;
  /** What it is about; absent where no one noun says it, and `needs` do. */
  object?: Thing | readonly Thing[];
  /** How people name it, as they would behind "post" or "send me": `the bills that are due next week`. */
  names: string[];
  /** Words that must be there, as in `SkillTemplate.needs`. */
  needs: string[][];
  helps: string[];
  excludes?: string[];
  slots: TemplateSlot[];
  input: SkillGraph['input'];
  /** What is read; the calls do not depend on each other. */
  reads: Extract<Node, { kind: 'capability' }>[];
  /** Expression of the rows that are shown. */
  pick: string;
  /** Expression of the text over `nodes.pick`. */
  word: string;
  /** Subject of the mail. */
  subject: string;
  /** The ways in which it is sent on; all when absent. */
  ways?: (keyof typeof WAYS)[];
  remember?: Remember[];
  permissions: string[];
  /** A sentence that asks for it to be looked up, and how its transforms come out. */
  example: { text: string; slots: JsonObject; evaluate: TemplateExample['evaluate'] };
}

const WAYS = {
  post: {
    slot: toChannel.slot,
    capability: 'slack/slack.post',
    parameters: { channel: '=input.target', text: `=(${FOR_SLACK})(nodes.make.text)` },
    permission: 'slack.write',
    when: 'parameters.channel = {target} and $not($exists(parameters.thread_ts))',
    does: { action: ['tell', 'summarise', 'send', 'create'], to: 'channel' },
    ask: (name: string) => `post ${name} in #finance`,
    title: (title: string) => `${title}: post in {target}`,
  },
  dm: {
    slot: toPerson.slot,
    capability: 'slack/slack.dm',
    parameters: { user: '=input.person', text: `=(${FOR_SLACK})(nodes.make.text)` },
    permission: 'slack.write',
    when: 'parameters.user = {person}',
    does: { action: ['tell', 'summarise', 'send', 'ask', 'look'], to: 'person' },
    ask: (name: string) => `dm Dana ${name}`,
    title: (title: string) => `${title}: message {person}`,
  },
  mail: {
    slot: toAddress.slot,
    capability: 'gmail/email.send',
    parameters: { to: '=input.to', subject: '=nodes.make.subject', body: '=nodes.make.text' },
    permission: 'email.write',
    when: 'parameters.to = {to} and $not($exists(parameters.cc)) and $not($exists(parameters.attachments))',
    does: { action: ['send', 'tell', 'summarise', 'create'], to: 'mail' },
    ask: (name: string) => `email ${name} to books@millrace.example`,
    title: (title: string) => `${title}: mail to {to}`,
  },
} as const satisfies { [way: string]: Way };

interface Way {
  slot: TemplateSlot;
  capability: string;
  parameters: JsonObject;
  permission: string;
  when: string;
  does: NonNullable<SkillTemplate['does']>[number];
  ask: (name: string) => string;
  title: (title: string) => string;
}

/** The graph that reads and words the report. Output: `{ text, subject, count, rows }`. */
function makeGraph(report: Report): SkillGraph {
  const reads = report.reads.map(({ id }) => ({ from: id, to: 'pick' }));
  return {
    id: `sg_${report.id}_v1`,
    title: report.title,
    input: report.input,
    nodes: [
      ...report.reads,
      { id: 'pick', kind: 'transform', title: 'Keep what is meant', expression: report.pick },
      { id: 'word', kind: 'transform', title: 'Word it', expression: report.word },
    ],
    edges: [...reads, { from: 'pick', to: 'word' }],
    output: { text: '=nodes.word', subject: report.subject, count: '=$count(nodes.pick)', rows: '=[nodes.pick[[0..49]]]' },
    ...(report.remember && { remember: report.remember }),
    max_steps: 10,
  };
}

/** A report in the four ways that people want it: looked up, posted, sent to one person in Slack, mailed. */
export function reportTemplates(report: Report): SkillTemplate[] {
  const made = makeGraph(report);
  const { id, title, object, names, helps, slots, excludes = [] } = report;
  const look: SkillTemplate = {
    id,
    title,
    asks: names.flatMap((name) => [`look up ${name}`, `list ${name} from QuickBooks`]),
    does: [{ action: ['look', 'summarise'], ...(object && { object }) }],
    needs: report.needs,
    helps,
    excludes,
    slots,
    graphs: [made],
    permissions: report.permissions,
    allows: [],
    example: report.example,
  };
  const ways = report.ways ?? (['post', 'dm', 'mail'] as const);
  return [look, ...ways.map((name) => delivered(report, made, name, WAYS[name]))];
}

function delivered(report: Report, made: SkillGraph, name: string, way: Way): SkillTemplate {
  const [phrase = report.title] = report.names;
  const asked = way.ask(phrase);
  return {
    id: `${report.id}_${name}`,
    title: way.title(report.title),
    asks: report.names.map(way.ask),
    does: [{ ...way.does, ...(report.object && { object: report.object }) }],
    needs: report.needs,
    helps: report.helps,
    excludes: report.excludes ?? [],
    slots: [way.slot, ...report.slots],
    graphs: [
      {
        id: `sg_${report.id}_${name}_v1`,
        title: `${report.title}, sent on`,
        input: { ...report.input, [way.slot.name]: text('Where it goes') },
        nodes: [
          {
            id: 'make',
            kind: 'graph',
            title: 'Make the report',
            graph: made.id,
            input: Object.fromEntries(Object.keys(report.input).map((field) => [field, `=input.${field}`])),
          },
          { id: 'send', kind: 'capability', title: 'Send it on', capability: way.capability, parameters: way.parameters },
        ],
        edges: [{ from: 'make', to: 'send' }],
        output: { text: '=nodes.make.text', subject: '=nodes.make.subject', count: '=nodes.make.count' },
        max_steps: 10,
      },
      made,
    ],
    permissions: [...report.permissions, way.permission],
    allows: [
      {
        capability: way.capability,
        when: way.when,
        said: [way.slot.name],
        reason: `The description asks for this report: {${way.slot.name}}.`,
      },
    ],
    example: {
      text: `Each Tuesday at 7:30 ${asked}.`,
      slots: { [way.slot.name]: { post: '#finance', dm: '@dana', mail: 'books@millrace.example' }[name] ?? '' },
      evaluate: [],
    },
  };
}
