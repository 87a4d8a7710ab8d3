import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import type { Json } from '../../../../contracts/json.ts';
import { call, compute, inOrder, required } from '../nodes.ts';
import type { TemplateExample } from '../template.ts';

/**
 * Looks for what we answered to a mail of this subject before. Without it the answer begins with the words that are given,
 * or is a frame that a person fills.
 */
export const earlierAnswerGraph: SkillGraph = {
  id: 'sg_earlier_answer_v1',
  title: 'Word an answer from what was answered before',
  input: {
    mail: required('object', 'The mail, as the search gives it'),
    words: required('string', 'What is said; empty = as before'),
  },
  ...inOrder([
    compute(
      'subject',
      'Read the subject',
      '$trim($replace($replace($substring(input.mail.subject, 0, 120), /^((re|fwd?|aw|wg)\\s*:\\s*)+/i, ""), /[^\\w\\s\'-]+/, " "))',
    ),
    call('search', 'Search what was sent', 'gmail/email.search', {
      query: '="in:sent subject:\\"" & (nodes.subject = "" ? "no subject" : nodes.subject) & "\\""',
      limit: 5,
    }),
    compute('found', 'Take the newest of another thread', '[nodes.search.emails[thread_id != $$.input.mail.thread_id]][0]'),
    {
      id: 'known',
      kind: 'branch',
      title: 'Was it answered before?',
      expression: '$exists(nodes.found.id) and input.words = "" ? "yes" : "no"',
    },
    call('read', 'Read the earlier answer', 'gmail/email.read', { id: '=nodes.found.id' }),
  ]),
  output: { earlier: '=$exists(nodes.read.text) ? nodes.read.text : ""', subject: '=nodes.subject' },
  max_steps: 10,
};

/** An answer from what is known: the given words, else what was said before, else a frame. Over `input.mail`, `$earlier`, `$words`. */
export const ANSWER = `(
    $name := $exists(input.mail.from_name) and input.mail.from_name != "" ? $split(input.mail.from_name, /[\\s\\(<]/)[0] : "";
    $own := $replace($split($earlier, /\\n(>|On .{1,200} wrote:|-----)/)[0], /^\\s+|\\s+$/, "");
    $own := $replace($own, /^(hello|hi|dear|good (morning|afternoon|evening))[^\\n]*\\n+/i, "", 1);
    "Hello" & ($name = "" ? "" : " " & $name) & ",\\n\\n"
      & ($words != "" ? $words & "\\n\\nKind regards" : $own != "" ? $substring($own, 0, 3000) : "thank you for your message.\\n\\n[your answer]\\n\\nKind regards")
  )`;

const mail: Json = {
  id: 'm1',
  thread_id: 't1',
  from: 'rosa@harbour.example',
  from_name: 'Rosa Lind',
  subject: 'Re: Opening hours?',
  snippet: '',
};
export const evaluateEarlier: TemplateExample['evaluate'] = [
  { graph: earlierAnswerGraph.id, node: 'subject', scope: { input: { mail } }, expect: 'Opening hours' },
  {
    graph: earlierAnswerGraph.id,
    node: 'found',
    scope: {
      input: { mail },
      nodes: {
        search: {
          emails: [
            { id: 'm9', thread_id: 't1' },
            { id: 'm8', thread_id: 't0' },
          ],
        },
      },
    },
    expect: { id: 'm8', thread_id: 't0' },
  },
];
export const askedAgain = mail;
