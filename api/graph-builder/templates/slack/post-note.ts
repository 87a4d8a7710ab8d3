import { text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';
import { POST_WORDS } from '../words.ts';

/** Posts the same words in a channel. */
export const postNote: SkillTemplate = {
  id: 'post_note',
  title: 'Post a note in {target}',
  asks: [
    'post "Stand-up in five minutes" in #crew',
    'every Friday put "Please log your time" in #team',
    'announce in #all "The kitchen is open"',
  ],
  needs: [[...POST_WORDS, 'remind', 'reminds', 'say', 'says']],
  helps: ['reminder', 'announce*', 'note', 'saying', 'in'],
  excludes: ['dm', 'direct message*', 'privately'],
  slots: [
    { name: 'target', kind: 'target_channel', required: true, question: 'In which channel should it be posted?' },
    { name: 'text', kind: 'text', required: true, question: 'What exactly should be posted? Put it in quotation marks.' },
  ],
  graphs: [
    {
      id: 'sg_post_note_v1',
      title: 'Post a note',
      input: { target: text('Channel'), text: text('What is posted') },
      nodes: [
        {
          id: 'post',
          kind: 'capability',
          title: 'Post',
          capability: 'slack/slack.post',
          parameters: { channel: '=input.target', text: '=input.text' },
        },
      ],
      edges: [],
      output: { channel: '=input.target', ts: '=nodes.post.ts' },
      max_steps: 5,
    },
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: 'parameters.channel = {target} and parameters.text = {text}',
      said: ['target', 'text'],
      reason: 'The description gives this note word by word.',
    },
  ],
  example: {
    text: 'Every Friday at 15:00 post "Please log your time" in #team.',
    slots: { target: '#team', text: 'Please log your time' },
    evaluate: [],
  },
};
