import type { JsonObject } from '../../../contracts/json.ts';
import type { MicroAgent, SkillGraph } from '../../../contracts/skill-graph.ts';
import { inOrder, required } from './nodes.ts';
import type { SkillTemplate, TemplateAllowance, TemplateSlot } from './template.ts';

/** What `$plain` makes of text from outside: one line, short, and for Slack without anything that would call or link. */
const CUT = '$substring($trim($replace($string($t), /\\s+/, " ")), 0, 200)';
export const PLAIN_IN_SLACK = `function($t) { $replace($replace($replace(${CUT}, "&", "&amp;"), "<", "&lt;"), ">", "&gt;") }`;
const PLAIN_IN_MAIL = `function($t) { ${CUT} }`;

/** Where the words of a report go. */
export interface Delivery {
  slot: TemplateSlot;
  input: SkillGraph['input'];
  /** Expression of a function that makes text from outside harmless there. */
  plain: string;
  permission: string;
  send(title: string): MicroAgent;
  /** `beginning` = what each of these reports begins with: nothing else is allowed. */
  allow(beginning: string): TemplateAllowance;
}

export const toChannel: Delivery = {
  slot: { name: 'target', kind: 'target_channel', required: true, question: 'In which channel should it be posted?' },
  input: { target: required('string', 'Channel to post in') },
  plain: PLAIN_IN_SLACK,
  permission: 'slack.write',
  send: (title) => ({
    id: 'send',
    kind: 'capability',
    title,
    capability: 'slack/slack.post',
    parameters: { channel: '=input.target', text: '=nodes.word' },
  }),
  allow: (beginning) => ({
    capability: 'slack/slack.post',
    when: `parameters.channel = {target} and $not($exists(parameters.thread_ts)) and ${beginsWith('text', beginning)}`,
    said: ['target'],
    reason: 'The description asks for this in {target}.',
  }),
};

export const toPerson: Delivery = {
  slot: {
    name: 'person',
    kind: 'person',
    required: true,
    question: 'Who should get the message? Give the Slack name or e-mail address.',
  },
  input: { person: required('string', 'Who gets it: id, @name or e-mail address') },
  plain: PLAIN_IN_SLACK,
  permission: 'slack.write',
  send: (title) => ({
    id: 'send',
    kind: 'capability',
    title,
    capability: 'slack/slack.dm',
    parameters: { user: '=input.person', text: '=nodes.word' },
  }),
  allow: (beginning) => ({
    capability: 'slack/slack.dm',
    when: `parameters.user = {person} and ${beginsWith('text', beginning)}`,
    said: ['person'],
    reason: 'The description asks to send this to {person}.',
  }),
};

export const toAddress: Delivery = {
  slot: { name: 'to', kind: 'address', required: true, question: 'Which e-mail address should it go to?' },
  input: { to: required('string', 'E-mail address it goes to') },
  plain: PLAIN_IN_MAIL,
  permission: 'email.write',
  send: (title) => ({
    id: 'send',
    kind: 'capability',
    title,
    capability: 'gmail/email.send',
    parameters: { to: '=input.to', subject: '=$substringBefore(nodes.word, "\\n")', body: '=nodes.word' },
  }),
  allow: (beginning) => ({
    capability: 'gmail/email.send',
    when: `parameters.to = {to} and $not($exists(parameters.cc)) and $not($exists(parameters.attachments)) and ${beginsWith('body', beginning)}`,
    said: ['to'],
    reason: 'The description asks to mail this to {to}.',
  }),
};

function beginsWith(parameter: string, words: string): string {
  return `$substring(parameters.${parameter}, 0, ${words.length}) = ${JSON.stringify(words)}`;
}

/** A report: something is read, worded, and sent to one place. */
export interface Report extends Pick<
  SkillTemplate,
  'id' | 'title' | 'asks' | 'does' | 'needs' | 'helps' | 'excludes' | 'example' | 'wholeSentence' | 'event'
> {
  delivery: Delivery;
  /** Slots besides where it goes. */
  slots?: TemplateSlot[];
  /** Inputs besides where it goes. */
  input?: SkillGraph['input'];
  read: MicroAgent[];
  /** What each report begins with. */
  beginning: string;
  /** Expression of what comes after that, over `nodes`, with `$plain` and `$many(n, "one", "several")`. */
  words: string;
  output?: JsonObject;
  more?: SkillGraph[];
  reads: string[];
}

/** The template of a report. */
export function report(of: Report): SkillTemplate {
  const { id, title, asks, does, needs, helps, excludes, example, wholeSentence, event, delivery } = of;
  const expression = `(
  $plain := ${delivery.plain};
  $many := function($n, $one, $several) { $string($n) & " " & ($n = 1 ? $one : $several) };
  ${JSON.stringify(of.beginning)} & ${of.words}
)`;
  const graph: SkillGraph = {
    id: `sg_${id}_v1`,
    title: title.replace(/ (?:in|to|for) \{\w+\}/, ''),
    input: { ...of.input, ...delivery.input },
    ...inOrder([...of.read, { id: 'word', kind: 'transform', title: 'Word it', expression }, delivery.send('Send it')]),
    output: { ...of.output, sent: '=nodes.send' },
    max_steps: 20,
  };
  return {
    id,
    title,
    asks,
    ...(does && { does }),
    needs,
    helps,
    excludes,
    ...(wholeSentence && { wholeSentence }),
    ...(event && { event }),
    slots: [delivery.slot, ...(of.slots ?? [])],
    graphs: [graph, ...(of.more ?? [])],
    permissions: [...new Set([...of.reads, delivery.permission])],
    allows: [delivery.allow(of.beginning)],
    example,
  };
}
