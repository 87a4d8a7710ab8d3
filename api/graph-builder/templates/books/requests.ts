import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { mailArguments, mailInput, newMailsGraph } from '../mail/pieces.ts';
import { call, compute, forEach, inOrder, required, within } from '../nodes.ts';

/** Something that somebody wrote, wherever it came from: `{ id, subject, text, from, from_name }`. */
export const requestsInput: SkillGraph['input'] = {
  requests: required('array', 'What was written: { id, subject, text, from, from_name }'),
};

/** What a run was asked: the Slack messages that started it, or a person's own command. */
export const ASKED =
  '[[trigger.payload.message, trigger.payload.messages, $exists(trigger.payload.command) ? {"text": trigger.payload.command}].{"id": $exists(ts) ? ts : "command", "subject": "", "text": $string(text), "from": $exists(user) ? user : "", "from_name": ""}]';

const readWholeGraph: SkillGraph = {
  id: 'sg_read_whole_mail_v1',
  title: 'Read one mail',
  input: { id: required('string', 'The mail') },
  ...inOrder([call('read', 'Read it', 'gmail/email.read', { id: '=input.id' })]),
  output:
    '=nodes.read.{"id": id, "thread_id": thread_id, "subject": subject, "text": $substring(text, 0, 4000), "from": from, "from_name": from_name, "date": date}',
  max_steps: 5,
};

/** The new mails with their text. */
export const readNewMailsGraph: SkillGraph = {
  id: 'sg_read_new_mails_v1',
  title: 'Read the new mails',
  input: mailInput,
  ...inOrder([
    within('found', 'Take the new mails', newMailsGraph, mailArguments),
    forEach('read_each', 'Read each', '[nodes.found.mails]', readWholeGraph, { id: '=item.id' }),
  ]),
  output: { mails: '=[nodes.read_each]' },
  max_steps: 10,
};
export const readNewMailsGraphs: [SkillGraph, SkillGraph, SkillGraph] = [readNewMailsGraph, readWholeGraph, newMailsGraph];

/** Nodes of a skill that works through new mail, and of one that works through what it was asked. */
export const fromMail = within('mails', 'Read the new mails', readNewMailsGraph, mailArguments);
export const fromAsked = compute('asked', 'Take what was asked', ASKED);

/** A mail as it is read, for worked examples. */
export const sampleRequest = {
  id: 'm1',
  thread_id: 't1',
  subject: 'Invoice NP-901',
  text: 'Dear all,\n\nplease find our invoice NP-901.\nSubtotal 1,000.00 USD\nVAT 240.00 USD\nTotal due: 1,240.00 USD\nDue on 12 December 2026.\n\nNorden Paper Mills',
  from: 'billing@nordenpaper.example',
  from_name: 'Norden Paper Mills',
};
