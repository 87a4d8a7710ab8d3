import type { SkillGraph } from '../../../contracts/skill-graph.ts';

type Input = SkillGraph['input'];

/** Messages that a run answers, as its trigger brought them: `{ channel, ts, user, text, thread_ts? }`. */
export const messagesInput: Input = { messages: { type: 'array', description: 'Messages to answer', required: true } };

export const text = (description: string): Input[string] => ({ type: 'string', description, required: true });

/** Breaks up what would call a whole channel in quoted text, and keeps it short. */
export const QUOTE = 'function($t) { $substring($replace($replace($t, "\\n", " "), "<!", "< !"), 0, 300) }';

/** Sends one prepared message to one person. */
export const sendNoteGraph: SkillGraph = {
  id: 'sg_send_note_v1',
  title: 'Message one person',
  input: { user: text('Who: id, @name or e-mail address'), text: text('What is said') },
  nodes: [
    {
      id: 'send',
      kind: 'capability',
      title: 'Send the message',
      capability: 'slack/slack.dm',
      parameters: { user: '=input.user', text: '=input.text' },
    },
  ],
  edges: [],
  output: '=nodes.send',
  max_steps: 5,
};

/** Finds the latest question of this wording in a channel and reads its answers. */
export const findAnswersGraph: SkillGraph = {
  id: 'sg_find_answers_v1',
  title: 'Find a question and its answers',
  input: { channel: text('Channel of the question'), topic: text('What was asked') },
  nodes: [
    {
      id: 'read',
      kind: 'capability',
      title: 'Read the channel',
      capability: 'slack/slack.read',
      parameters: { channel: '=input.channel', limit: 200, oldest: '=$fromMillis($toMillis(now) - 28 * 86400000)' },
    },
    {
      id: 'find',
      kind: 'transform',
      title: 'Find the question',
      expression: '[nodes.read.messages[$contains(text, $$.input.topic)]^(>ts)][0]',
    },
    { id: 'asked', kind: 'branch', title: 'Was it asked?', expression: '$exists(nodes.find.ts) ? "yes" : "no"' },
    {
      id: 'answers',
      kind: 'capability',
      title: 'Read the answers',
      capability: 'slack/slack.thread.read',
      parameters: { channel: '=input.channel', thread_ts: '=nodes.find.ts', limit: 200 },
    },
    { id: 'nothing', kind: 'transform', title: 'No question, no answers', expression: '[]' },
  ],
  edges: [
    { from: 'read', to: 'find' },
    { from: 'find', to: 'asked' },
    { from: 'asked', to: 'answers', when: 'yes' },
    { from: 'asked', to: 'nothing', when: 'otherwise' },
  ],
  output: {
    asked: '=$exists(nodes.find.ts)',
    // The first message of a thread is the question itself.
    answers: '=[nodes.answers.messages[ts != $$.nodes.find.ts].{"user": user, "text": text}]',
    people: '=[$distinct(nodes.read.messages.user)[$ != $$.nodes.find.user]]',
  },
  max_steps: 20,
};
