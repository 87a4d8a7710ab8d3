import { messagesInput, QUOTE, sendNoteGraph, text } from './pieces.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import type { SkillTemplate } from './template.ts';

const URGENT_WORDS = ['urgent', 'asap', 'emergency', 'outage', 'critical', 'lawyer', 'complaint', 'down'];
const URGENT_NEEDS = [
  [
    'urgent*',
    'emergenc*',
    'outage*',
    'critical',
    'right away',
    'straight away',
    'immediately',
    'at once',
    'angry',
    'lawyer',
    'is down',
    'goes down',
    'on fire',
  ],
];

/** Picks the urgent ones of the run's messages and words an alert for each. */
const pickUrgentGraph: SkillGraph = {
  id: 'sg_pick_urgent_v1',
  title: 'Pick urgent messages',
  input: { ...messagesInput, words: { type: 'array', description: 'Words that make a message urgent', required: true } },
  nodes: [
    {
      id: 'pick',
      kind: 'transform',
      title: 'Compare the words',
      expression: `(
  $quote := ${QUOTE};
  $isUrgent := function($t) { $count($filter(input.words, function($w) { $contains($lowercase($t), $w) })) > 0 };
  [$filter(input.messages, function($m) { $isUrgent($m.text) }).("Urgent in " & channel & " from <@" & user & ">: " & $quote(text))]
)`,
    },
  ],
  edges: [],
  output: '=[nodes.pick]',
  max_steps: 5,
};

const sample = {
  input: {
    words: ['urgent'],
    messages: [
      { channel: 'C1', ts: '1.1', user: 'U1', text: 'URGENT: boiler' },
      { channel: 'C1', ts: '1.2', user: 'U2', text: 'hello' },
    ],
  },
};
const words = {
  name: 'words',
  kind: 'quoted_words' as const,
  required: false,
  default: URGENT_WORDS,
  question: 'Which words make a message urgent?',
};
const evaluate = [
  { graph: 'sg_pick_urgent_v1', node: 'pick', scope: sample, expect: ['Urgent in C1 from <@U1>: URGENT: boiler'] },
];

/** Passes urgent messages on to a channel. */
export const urgentAlert: SkillTemplate = {
  id: 'urgent_alert',
  title: 'Alert {target} about urgent messages',
  asks: [
    'when a message in #desk sounds urgent, post it in #on-call straight away',
    'if somebody reports an outage, alert #ops immediately',
  ],
  needs: [
    ...URGENT_NEEDS,
    ['post*', 'put', 'alert*', 'forward*', 'share', 'flag', 'raise', 'escalate*', 'announce*', 'tell', 'notify'],
  ],
  helps: ['urgent', 'immediately', 'alert', 'message', 'straight away', 'right away'],
  excludes: ['dm', 'direct message*', 'digest*', 'summar*'],
  wholeSentence: true,
  event: { source: 'slack' },
  slots: [
    { name: 'target', kind: 'target_channel', required: true, question: 'In which channel should the alert appear?' },
    words,
  ],
  graphs: [
    {
      id: 'sg_urgent_alert_v1',
      title: 'Alert a channel',
      input: {
        ...messagesInput,
        target: text('Channel of the alert'),
        words: { type: 'array', description: 'Words that make a message urgent', required: true },
      },
      nodes: [
        {
          id: 'pick',
          kind: 'graph',
          title: 'Pick urgent messages',
          graph: 'sg_pick_urgent_v1',
          input: { messages: '=[input.messages]', words: '=[input.words]' },
        },
        {
          id: 'alert_each',
          kind: 'foreach',
          title: 'Alert',
          items: '[nodes.pick]',
          body: 'sg_post_alert_v1',
          input: { target: '=input.target', text: '=item' },
          max_items: 20,
          max_parallel: 1,
        },
      ],
      edges: [{ from: 'pick', to: 'alert_each' }],
      output: { alerts: '=$count(nodes.alert_each)' },
      max_steps: 10,
    },
    pickUrgentGraph,
    {
      id: 'sg_post_alert_v1',
      title: 'Post one alert',
      input: { target: text('Channel'), text: text('The alert') },
      nodes: [
        {
          id: 'post',
          kind: 'capability',
          title: 'Post the alert',
          capability: 'slack/slack.post',
          parameters: { channel: '=input.target', text: '=input.text' },
        },
      ],
      edges: [],
      output: '=nodes.post',
      max_steps: 5,
    },
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: 'parameters.channel = {target} and $substring(parameters.text, 0, 10) = "Urgent in "',
      said: ['target'],
      reason: 'The description asks for alerts in {target}.',
    },
  ],
  example: { text: 'If somebody reports an outage in #desk, alert #ops immediately.', slots: { target: '#ops' }, evaluate },
};

/** Passes urgent messages on to one person. */
export const urgentNote: SkillTemplate = {
  id: 'urgent_note',
  title: 'Tell {person} about urgent messages',
  asks: ['if a message is urgent, dm Paul right away', 'send Ines a direct message at once when somebody reports an emergency'],
  needs: [...URGENT_NEEDS, ['dm', 'direct message*']],
  helps: ['urgent', 'immediately', 'right away', 'straight away', 'message'],
  excludes: ['digest*', 'summar*', 'urgent first', 'recap*'],
  wholeSentence: true,
  event: { source: 'slack' },
  slots: [
    { name: 'person', kind: 'person', required: true, question: 'Who should be told? Give the Slack name or e-mail address.' },
    words,
  ],
  graphs: [
    {
      id: 'sg_urgent_note_v1',
      title: 'Tell one person',
      input: {
        ...messagesInput,
        person: text('Who is told'),
        words: { type: 'array', description: 'Words that make a message urgent', required: true },
      },
      nodes: [
        {
          id: 'pick',
          kind: 'graph',
          title: 'Pick urgent messages',
          graph: 'sg_pick_urgent_v1',
          input: { messages: '=[input.messages]', words: '=[input.words]' },
        },
        {
          id: 'tell_each',
          kind: 'foreach',
          title: 'Tell',
          items: '[nodes.pick]',
          body: 'sg_send_note_v1',
          input: { user: '=input.person', text: '=item' },
          max_items: 20,
          max_parallel: 1,
        },
      ],
      edges: [{ from: 'pick', to: 'tell_each' }],
      output: { notes: '=$count(nodes.tell_each)' },
      max_steps: 10,
    },
    pickUrgentGraph,
    sendNoteGraph,
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.dm',
      when: 'parameters.user = {person} and $substring(parameters.text, 0, 10) = "Urgent in "',
      said: ['person'],
      reason: 'The description asks to tell {person}.',
    },
  ],
  example: { text: 'When a message in #desk is urgent, dm Paul right away.', slots: { person: '@paul' }, evaluate },
};
