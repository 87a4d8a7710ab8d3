import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { PLAIN_IN_SLACK } from '../deliver.ts';
import { call, compute, forEach, inOrder, leave, leaving, optional, required } from '../nodes.ts';
import { messagesInput } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

const BEGINNING = 'This was asked before: ';
const answersInput = optional('array', 'What is known: [{ "words": "wifi", "answer": "The code hangs in the kitchen." }]', []);

/** Words that say what a question is about: four letters and more, without those that most questions share. */
const WORDS_OF = `function($t) {
    [$distinct($match($lowercase($t), /[a-z0-9äöüßéèàñç-]{4,}/).match)[$not($ in ["what","when","where","which","does","have","with","that","this","there","anyone","anybody","someone","somebody","know","please","could","would","should","from","about","your","ours","hello","thanks"])]]
  }`;

const answerOne: SkillGraph = {
  id: 'sg_answer_question_one_v1',
  title: 'Answer one question',
  input: {
    channel: required('string', 'Where it was asked'),
    ts: required('string', 'The question'),
    question: required('string', 'What was asked'),
    answers: answersInput,
  },
  nodes: [
    call('read', 'Read the channel', 'slack/slack.read', {
      channel: '=input.channel',
      limit: 200,
      oldest: '=$fromMillis($toMillis(now) - 180 * 86400000)',
    }),
    compute(
      'known',
      'Look for an answer',
      `(
  $wordsOf := ${WORDS_OF};
  $asked := $wordsOf(input.question);
  $given := [[input.answers][$contains($lowercase($$.input.question), $lowercase(words))]][0];
  $rank := function($m) { $count($wordsOf($m.text)[$ in $asked]) };
  $alike := [$filter(nodes.read.messages, function($m) { $m.ts != $$.input.ts and $m.reply_count > 0 and $rank($m) >= 2 })];
  $best := [$sort($alike, function($a, $b) { $rank($a) < $rank($b) })][0];
  $exists($given) ? {"answer": $given.answer} : $exists($best) ? {"ts": $best.ts} : {}
)`,
    ),
    {
      id: 'where',
      kind: 'branch',
      title: 'Where does the answer stand?',
      expression: '$exists(nodes.known.answer) ? "given" : $exists(nodes.known.ts) ? "thread" : "nowhere"',
    },
    call('thread', 'Read the earlier thread', 'slack/slack.thread.read', {
      channel: '=input.channel',
      thread_ts: '=nodes.known.ts',
      limit: 20,
    }),
    compute(
      'word',
      'Word the answer',
      `(
  $plain := ${PLAIN_IN_SLACK};
  $said := [nodes.thread.messages[ts != $$.nodes.known.ts]][0];
  $exists(nodes.known.answer) ? nodes.known.answer : $exists($said) ? "${BEGINNING}" & $plain($said.text) & " (<@" & $said.user & ">)" : ""
)`,
    ),
    { id: 'found', kind: 'branch', title: 'Is there one?', expression: 'nodes.word = "" ? "no" : "yes"' },
    call('reply', 'Answer in the thread', 'slack/slack.post', {
      channel: '=input.channel',
      thread_ts: '=input.ts',
      text: '=nodes.word',
    }),
    leave('where'),
    leave('found'),
  ],
  edges: [
    { from: 'read', to: 'known' },
    { from: 'known', to: 'where' },
    { from: 'where', to: 'thread', when: 'thread' },
    { from: 'where', to: 'word', when: 'given' },
    { from: 'thread', to: 'word' },
    { from: 'word', to: 'found' },
    { from: 'found', to: 'reply', when: 'yes' },
    leaving('where'),
    leaving('found'),
  ],
  output: { answered: '=$exists(nodes.reply.ts)' },
  max_steps: 20,
};

/** Answers what was answered before: from what the manager gives, else from an earlier thread. What it cannot, it leaves. */
export const answerQuestions: SkillTemplate = {
  id: 'answer_questions',
  title: 'Answer everyday questions in {channel}',
  asks: [
    'answer the usual questions that people ask in #reception',
    'when a colleague asks something in #it-help, reply from what was answered before',
    'reply to frequently asked questions in #parents',
  ],
  needs: [
    ['answer', 'answers', 'answering', 'reply', 'replies', 'respond', 'responds'],
    ['question*', 'asks', 'ask', 'asked', 'faq*', 'queries', 'query'],
  ],
  helps: ['people', 'everyday', 'usual', 'frequent*', 'common', 'colleague*', 'channel', 'asks', 'simple'],
  excludes: [
    'email*',
    'e-mail*',
    'mail',
    'mails',
    'invoice*',
    'inbox*',
    'payment*',
    'balance*',
    'owe*',
    'phone',
    'where a',
    'which channel',
    'who a',
    'did not',
    'not answered',
    'unanswered',
    'within',
    'collect*',
    'draft*',
    'digest*',
  ],
  event: { source: 'slack' },
  wholeSentence: true,
  slots: [{ name: 'channel', kind: 'source_channel', required: true, question: 'In which channel are the questions asked?' }],
  graphs: [
    {
      id: 'sg_answer_questions_v1',
      title: 'Answer everyday questions',
      input: { ...messagesInput, channel: required('string', 'Channel of the questions'), answers: answersInput },
      ...inOrder([
        compute(
          'questions',
          'Keep the questions',
          '[input.messages[$not($exists(thread_ts)) and $contains(text, /\\?|^(who|what|where|when|how|which|can|is|are|does|do) /i)]]',
        ),
        forEach('answer_each', 'Answer each', '[nodes.questions]', answerOne, {
          channel: '=item.channel',
          ts: '=item.ts',
          question: '=item.text',
          answers: '=[input.answers]',
        }),
      ]),
      output: { answered: '=$count([nodes.answer_each[answered]])' },
      max_steps: 10,
    },
    answerOne,
  ],
  permissions: ['slack.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: `$exists(parameters.thread_ts) and $substring(parameters.text, 0, ${BEGINNING.length}) = "${BEGINNING}"`,
      said: ['channel'],
      reason: 'The description asks for answers in {channel}; these repeat what was said there.',
    },
  ],
  example: {
    text: 'Answer the usual questions that people ask in #reception.',
    slots: { channel: '#reception' },
    evaluate: [
      {
        graph: answerOne.id,
        node: 'known',
        scope: {
          input: { ts: '9.1', question: 'What is the wifi password in the library?', answers: [] },
          nodes: {
            read: {
              messages: [
                { ts: '9.1', user: 'U1', text: 'What is the wifi password in the library?', reply_count: 0 },
                { ts: '5.1', user: 'U2', text: 'Wifi password for guests?', reply_count: 2 },
                { ts: '4.1', user: 'U2', text: 'Who has the library key?', reply_count: 1 },
              ],
            },
          },
        },
        expect: { ts: '5.1' },
      },
      {
        graph: answerOne.id,
        node: 'word',
        scope: {
          nodes: {
            known: { ts: '5.1' },
            thread: {
              messages: [
                { ts: '5.1', user: 'U2', text: 'Wifi?' },
                { ts: '5.2', user: 'U3', text: 'It is <here>' },
              ],
            },
          },
        },
        expect: 'This was asked before: It is &lt;here&gt; (<@U3>)',
      },
      {
        graph: 'sg_answer_questions_v1',
        node: 'questions',
        scope: { input: { messages: [{ ts: '1.1', text: 'Hello all' }] } },
        expect: [],
      },
    ],
  },
};
