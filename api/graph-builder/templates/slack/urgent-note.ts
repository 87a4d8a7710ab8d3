import { messagesInput, sendNoteGraph, text } from '../pieces.ts';
import { evaluatePick, pickUrgentGraph, URGENT_NEEDS, urgentWords } from './pick-urgent.ts';
import type { SkillTemplate } from '../template.ts';

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
    urgentWords,
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
  example: { text: 'When a message in #desk is urgent, dm Paul right away.', slots: { person: '@paul' }, evaluate: evaluatePick },
};
