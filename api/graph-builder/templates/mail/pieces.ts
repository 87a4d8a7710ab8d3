import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { optional } from '../nodes.ts';
import type { SkillTemplate, TemplateExample, TemplateSlot } from '../template.ts';

/** The mail that a run was started by, as `gmail.message` tells it. */
const ARRIVED = 'trigger.payload.event.payload';

/** Of skills that answer new mail: the mail that came, else what lies in the inbox since the last turn. */
export const onMail: NonNullable<SkillTemplate['event']> = { source: 'gmail', input: {}, polls: true };

export const sinceSlot: TemplateSlot = {
  name: 'since_hours',
  kind: 'hours',
  required: false,
  default: 0,
  question: 'How far back should it look?',
};
export const aboutSlot: TemplateSlot = {
  name: 'about',
  kind: 'mail_query',
  required: false,
  default: '',
  question: 'Which mails are meant: from whom, or about what?',
};
export const mailInput: SkillGraph['input'] = {
  since_hours: optional('number', 'How far back, in hours; 0 = a day', 0),
  about: optional('string', "Which mails, in the words of Gmail's search; empty = all", ''),
};
/** What a skill hands on to {@link newMailsGraph}. */
export const mailArguments = { since_hours: '=input.since_hours', about: '=input.about' };

/** True for mail that no person wrote: newsletters, receipts, notices, automatic answers. */
export const IS_NOTICE = `function($m) {
    $contains($lowercase($m.from), /(^|[._+-])(no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|notifications?|newsletters?|news|marketing|receipts?)([._+-]|@)/)
      or $contains($lowercase($m.subject), /^(automatic reply|auto(matic)?[ -]?reply|out of office|undeliver|delivery status|returned mail)|newsletter|your receipt/)
  }`;

/** "Rosa Lind" or, without a name, the address. */
export const WHO = 'function($m) { $exists($m.from_name) and $m.from_name != "" ? $m.from_name : $m.from }';

/**
 * The mails that a run is about, the newest first: the one that started it, or those of the last hours. With `about` Gmail's
 * search decides in either case, so that an event about other mail leads to nothing.
 */
export const newMailsGraph: SkillGraph = {
  id: 'sg_new_mails_v1',
  title: 'Take the new mails',
  input: mailInput,
  nodes: [
    {
      id: 'came',
      kind: 'branch',
      title: 'Did one arrive?',
      expression: `$exists(${ARRIVED}.message_id) and input.about = "" ? "one" : "many"`,
    },
    {
      id: 'arrived',
      kind: 'transform',
      title: 'Take the one that arrived',
      expression: `${ARRIVED}.{"id": message_id, "thread_id": thread_id, "from": from, "from_name": $exists(from_name) ? from_name : "", "subject": subject, "snippet": snippet}`,
    },
    {
      id: 'search',
      kind: 'capability',
      title: 'Search the inbox',
      capability: 'gmail/email.search',
      parameters: {
        query:
          '=$trim("in:inbox newer_than:" & $string(input.since_hours > 24 ? $ceil(input.since_hours / 24) : 1) & "d " & input.about)',
        limit: 25,
      },
    },
    {
      id: 'pick',
      kind: 'transform',
      title: 'Keep those that are meant',
      expression: `(
  $hours := input.since_hours > 0 ? input.since_hours : 24;
  $since := $toMillis(now) - $hours * 3600000;
  $one := ${ARRIVED}.message_id;
  [nodes.search.emails[$exists($one) ? id = $one : $toMillis(date) >= $since]]
)`,
    },
  ],
  edges: [
    { from: 'came', to: 'arrived', when: 'one' },
    { from: 'came', to: 'search', when: 'otherwise' },
    { from: 'search', to: 'pick' },
  ],
  output: { mails: '=[nodes.arrived, nodes.pick]' },
  max_steps: 10,
};

/** A mail as the search gives it, for worked examples. */
export const sampleMail = {
  id: 'm1',
  thread_id: 't1',
  from: 'rosa@harbour.example',
  from_name: 'Rosa Lind',
  to: 'desk@millrace.example',
  subject: 'Where is my order?',
  date: '2026-11-23T08:00:00.000Z',
  snippet: 'I <b>still</b> wait for it.',
};
export const sampleNotice = { ...sampleMail, id: 'm2', from: 'no-reply@shop.example', from_name: '', subject: 'Your receipt' };

/** How the mails of a run are picked, on sample data. */
export const evaluateNewMails: TemplateExample['evaluate'] = [
  {
    graph: 'sg_new_mails_v1',
    node: 'pick',
    scope: {
      now: '2026-11-23T10:00:00.000Z',
      trigger: { payload: {} },
      input: { since_hours: 0, about: '' },
      nodes: { search: { emails: [sampleMail, { ...sampleMail, id: 'm0', date: '2026-11-20T08:00:00.000Z' }] } },
    },
    expect: [sampleMail],
  },
  {
    graph: 'sg_new_mails_v1',
    node: 'pick',
    scope: {
      now: '2026-11-23T10:00:00.000Z',
      trigger: { payload: { event: { payload: { message_id: 'm9' } } } },
      input: { since_hours: 0, about: 'from:rosa@harbour.example' },
      nodes: { search: { emails: [sampleMail] } },
    },
    expect: [],
  },
];
