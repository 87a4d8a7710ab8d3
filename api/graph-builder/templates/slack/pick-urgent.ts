import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { messagesInput, QUOTE } from '../pieces.ts';
import type { TemplateExample, TemplateSlot } from '../template.ts';

const URGENT_WORDS = ['urgent', 'asap', 'emergency', 'outage', 'critical', 'lawyer', 'complaint', 'down'];
/** Words by which people speak of urgency. */
export const URGENT_NEEDS = [
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
export const pickUrgentGraph: SkillGraph = {
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
/** The slot of the words that make a message urgent. */
export const urgentWords: TemplateSlot = {
  name: 'words',
  kind: 'quoted_words',
  required: false,
  default: URGENT_WORDS,
  question: 'Which words make a message urgent?',
};
export const evaluatePick: TemplateExample['evaluate'] = [
  { graph: 'sg_pick_urgent_v1', node: 'pick', scope: sample, expect: ['Urgent in C1 from <@U1>: URGENT: boiler'] },
];
