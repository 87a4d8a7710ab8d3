import { sendNoteGraph, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';
import { DM_WORDS } from '../words.ts';

/** Sends one person the same words. */
export const directNote: SkillTemplate = {
  id: 'direct_note',
  title: 'Send {person} a note',
  asks: [
    'dm Ines "The kitchen is open"',
    'send @paul a direct message saying the report is due',
    'message Lea "Please call the landlord"',
  ],
  needs: [DM_WORDS],
  helps: ['saying', 'note', 'reminder', 'remind*'],
  excludes: ['digest*', 'summar*', 'recap*'],
  slots: [
    { name: 'person', kind: 'person', required: true, question: 'Who should get it? Give the Slack name or e-mail address.' },
    { name: 'text', kind: 'text', required: true, question: 'What exactly should the message say? Put it in quotation marks.' },
  ],
  graphs: [
    {
      id: 'sg_direct_note_v1',
      title: 'Send a note',
      input: { person: text('Who gets it'), text: text('What it says') },
      nodes: [
        {
          id: 'send',
          kind: 'graph',
          title: 'Send',
          graph: 'sg_send_note_v1',
          input: { user: '=input.person', text: '=input.text' },
        },
      ],
      edges: [],
      output: { ts: '=nodes.send.ts' },
      max_steps: 5,
    },
    sendNoteGraph,
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.dm',
      when: 'parameters.user = {person} and parameters.text = {text}',
      said: ['person', 'text'],
      reason: 'The description gives this message word by word.',
    },
  ],
  example: {
    text: 'Every Tuesday at 7:30 send @paul a direct message saying "The report is due".',
    slots: { person: '@paul', text: 'The report is due' },
    evaluate: [],
  },
};
