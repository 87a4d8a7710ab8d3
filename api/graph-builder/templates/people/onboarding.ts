import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { call, compute, forEach, inOrder, optional, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';

const NEWCOMER = [
  'new hire*',
  'newcomer*',
  'new joiner*',
  'new starter*',
  'new colleague*',
  'new employee*',
  'new member*',
  'new volunteer*',
  'new teacher*',
  'new people',
  'new team member*',
  'onboard*',
  'joins',
  'join',
  'starts with us',
  'first day',
  'first week',
  'first month',
];
/** Who joined: the event says it, else the run or the description names the person. */
const WHO =
  '$exists(trigger.payload.event.payload.user) ? trigger.payload.event.payload.user : $exists(trigger.payload.message.user) ? trigger.payload.message.user : input.person';
const NO_PERSON = { name: 'person', kind: 'person', required: false, default: '', question: 'Who is new?' } as const;
const DEFAULT_STEPS = [
  'Read the handbook',
  'Set up your accounts',
  'Meet your team',
  'Ask whoever sits next to you where things are',
];
const event: NonNullable<SkillTemplate['event']> = { source: 'slack', input: {}, polls: true };

/** Sends whoever joins the list of what to do first. */
export const onboardingChecklist: SkillTemplate = {
  id: 'onboarding_checklist',
  title: 'Send newcomers their checklist',
  asks: [
    'when a new colleague joins, dm them the onboarding checklist',
    'dm each new hire the list of first steps "Sign the contract", "Get a key"',
  ],
  needs: [
    NEWCOMER,
    [
      'checklist*',
      'check list*',
      'to-do*',
      'todo*',
      'first steps',
      'steps',
      'task list',
      'list of things',
      'things to do',
      'list of tasks',
    ],
  ],
  helps: ['dm', 'direct message*', 'send*', 'onboarding', 'first'],
  excludes: ['email*', 'e-mail*', 'channel*', 'digest*'],
  wholeSentence: true,
  event,
  slots: [
    NO_PERSON,
    {
      name: 'steps',
      kind: 'quoted_words',
      required: false,
      default: DEFAULT_STEPS,
      question: 'Which steps stand on the checklist?',
      asksWhenDefault: true,
    },
  ],
  graphs: [
    {
      id: 'sg_onboarding_checklist_v1',
      title: 'Send a checklist',
      input: {
        person: optional('string', 'Who is new, where no event says it', ''),
        steps: optional('array', 'What to do first', DEFAULT_STEPS),
      },
      ...inOrder([
        compute('who', 'Who is new', WHO),
        {
          id: 'known',
          kind: 'branch',
          title: 'Is somebody named?',
          expression: '$exists(nodes.who) and nodes.who != "" ? "yes" : "no"',
        },
        compute(
          'word',
          'Make the list',
          '"Your first steps:\\n" & $join([$map([input.steps], function($s, $i) { $string($i + 1) & ". " & $s })], "\\n")',
        ),
        call('send', 'Send it', 'slack/slack.dm', { user: '=nodes.who', text: '=nodes.word' }),
      ]),
      output: { person: '=nodes.who', sent: '=$exists(nodes.send.ts)' },
      max_steps: 10,
    },
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.dm',
      when: '$substring(parameters.text, 0, 18) = "Your first steps:\\n" and $count({steps}[$not($contains($$.parameters.text, $))]) = 0',
      said: ['steps'],
      reason: 'The description gives this checklist.',
    },
  ],
  example: {
    text: 'When a new colleague joins, dm them the checklist "sign the contract", "get a key".',
    slots: { steps: ['sign the contract', 'get a key'] },
    evaluate: [
      {
        graph: 'sg_onboarding_checklist_v1',
        node: 'word',
        scope: { input: { steps: ['sign the contract', 'get a key'] } },
        expect: 'Your first steps:\n1. sign the contract\n2. get a key',
      },
      {
        graph: 'sg_onboarding_checklist_v1',
        node: 'who',
        scope: { input: { person: '@ana' }, trigger: { payload: { event: { payload: { user: 'U1' } } } } },
        expect: 'U1',
      },
    ],
  },
};

const MESSAGES = [
  { day: 0, text: 'Welcome! Good to have you here. Ask whatever you want to know, the small things first.' },
  { day: 2, text: 'Two days in: do all your accounts work, and do you know whom to ask?' },
  { day: 7, text: 'Your first week is over. What was missing? Whatever you noticed helps whoever comes next.' },
  { day: 30, text: 'A month has gone by. How is it going, and what would you change?' },
];
const later: SkillGraph = {
  id: 'sg_welcome_later_v1',
  title: 'Send one message when its day has come',
  input: {
    user: required('string', 'Who is new'),
    day: required('number', 'Days from now'),
    text: required('string', 'What it says'),
  },
  ...inOrder([
    { id: 'until', kind: 'wait', title: 'Wait for the day', seconds: '=input.day * 86400' },
    call('send', 'Send it', 'slack/slack.dm', { user: '=input.user', text: '=input.text' }),
  ]),
  output: '=nodes.send',
  max_steps: 5,
};

/** Writes to whoever joins on the first day, after some days, after a week and after a month. The run waits meanwhile. */
export const welcomeSeries: SkillTemplate = {
  id: 'welcome_series',
  title: 'Welcome newcomers over their first month',
  asks: [
    'when somebody joins, dm them a series of welcome messages over the first month',
    'check in with each new hire by direct message on the first day, after a week and after a month',
  ],
  needs: [
    NEWCOMER,
    [
      'series',
      'sequence',
      'over the first',
      'over several',
      'over their first',
      'check in with',
      'checks in with',
      'check-in*',
      'after a week',
      'after one week',
      'after a month',
      'after 30 days',
      'week later',
      'during the first',
      'during their first',
      'in the first',
      'in their first',
    ],
  ],
  helps: ['welcome*', 'dm', 'direct message*', 'first', 'week', 'month'],
  excludes: ['email*', 'e-mail*', 'post in', 'digest*', 'checklist*', 'invoice*'],
  wholeSentence: true,
  event,
  slots: [NO_PERSON],
  graphs: [
    {
      id: 'sg_welcome_series_v1',
      title: 'Welcome over some weeks',
      input: {
        person: optional('string', 'Who is new, where no event says it', ''),
        messages: optional('array', 'Day and text of each message', MESSAGES),
      },
      ...inOrder([
        compute('who', 'Who is new', WHO),
        {
          id: 'known',
          kind: 'branch',
          title: 'Is somebody named?',
          expression: '$exists(nodes.who) and nodes.who != "" ? "yes" : "no"',
        },
        forEach('send_each', 'Send each on its day', '[input.messages]', later, {
          user: '=nodes.who',
          day: '=item.day',
          text: '=item.text',
        }),
      ]),
      output: { person: '=nodes.who', sent: '=$count(nodes.send_each)' },
      max_steps: 10,
    },
    later,
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.dm',
      when: `parameters.text in ${JSON.stringify(MESSAGES.map(({ text }) => text))}`,
      said: [],
      reason: 'The description asks for these messages to newcomers.',
    },
  ],
  example: {
    text: 'When somebody joins, dm them a series of welcome messages over the first month.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_welcome_series_v1',
        node: 'who',
        scope: { input: { person: '@ana' }, trigger: { payload: {} } },
        expect: '@ana',
      },
    ],
  },
};
