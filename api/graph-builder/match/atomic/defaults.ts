/**
 * Where a parameter of a capability comes from when a run does not give it itself, best first: the run's own trigger, a node
 * of the same skill (`email_search`), a slot of the description. `{node}` before the colon must be part of the skill.
 */
const MESSAGE = 'input.message';
const MAIL_ID = ['input.event.message_id', 'email_read: nodes.email_read.id', 'email_search: nodes.email_search.emails[0].id'];
const MAIL_FROM = ['input.event.from', 'email_read: nodes.email_read.from', 'email_search: nodes.email_search.emails[0].from'];
const OWED = [
  'invoice_list: nodes.invoice_list.invoices[0].customer_email',
  'invoice_get: nodes.invoice_get.customer_email',
  'customer_list: nodes.customer_list.customers[0].email',
  '$$.input.facts.(invoices[0].customer_email)[0]',
  '$$.input.facts.(emails[0].from)[0]',
];
const TEXT = ['nodes.words.text'];

export const DEFAULTS: { [capability: string]: { [parameter: string]: string[] } } = {
  'slack/slack.post': { channel: ['input.target', `${MESSAGE}.channel`], text: TEXT },
  'slack/slack.dm': { user: ['input.person', `${MESSAGE}.user`], text: TEXT },
  'slack/slack.read': { channel: ['input.channels[0]', `${MESSAGE}.channel`] },
  'slack/slack.thread.read': {
    channel: [`${MESSAGE}.channel`, 'input.channels[0]'],
    thread_ts: [`${MESSAGE}.thread_ts`, `${MESSAGE}.ts`],
  },
  'slack/slack.react': { channel: [`${MESSAGE}.channel`, 'input.channels[0]'], ts: [`${MESSAGE}.ts`], emoji: ['input.emoji'] },
  'slack/slack.users.find': { query: [`${MESSAGE}.text`, 'input.person'] },
  'slack/slack.search': { query: [`${MESSAGE}.text`] },
  'gmail/email.search': { query: ['input.query', '"in:inbox newer_than:1d"'] },
  'gmail/email.read': { id: MAIL_ID },
  'gmail/thread.read': {
    thread_id: [
      'input.event.thread_id',
      'email_read: nodes.email_read.thread_id',
      'email_search: nodes.email_search.emails[0].thread_id',
    ],
  },
  'gmail/email.send': { to: ['input.address', ...OWED, ...MAIL_FROM], subject: ['nodes.words.subject'], body: TEXT },
  'gmail/email.reply': { id: MAIL_ID, to: MAIL_FROM, body: TEXT },
  'gmail/email.draft': { to: ['input.address', ...MAIL_FROM, ...OWED], subject: ['nodes.words.subject'], body: TEXT },
  'gmail/email.label': { id: MAIL_ID, label: ['input.label'] },
  'quickbooks/invoice.list': { status: ['input.status'] },
  'quickbooks/invoice.get': { id: ['input.event.entity_id', 'invoice_list: nodes.invoice_list.invoices[0].id'] },
  'quickbooks/invoice.send': {
    id: [
      'invoice_create: nodes.invoice_create.id',
      '$$.input.facts.(invoices[0].id)[0]',
      'invoice_list: nodes.invoice_list.invoices[0].id',
    ],
  },
  'quickbooks/payment.create': {
    customer: ['invoice_list: nodes.invoice_list.invoices[0].customer'],
    invoice_id: ['invoice_list: nodes.invoice_list.invoices[0].id'],
  },
  'calendar/event.list': { from: ['now'] },
  'calendar/freebusy.read': { calendars: ['["primary"]'], from: ['now'], to: ['$fromMillis($toMillis(now) + 7 * 86400000)'] },
  'github/issue.list': { repository: ['input.repository'] },
  'github/issue.get': {
    repository: ['input.repository'],
    number: ['input.event.issue.number', 'issue_list: nodes.issue_list.issues[0].number'],
  },
  'github/issue.create': { repository: ['input.repository'], title: ['nodes.words.subject'], body: TEXT },
  'github/issue.comment': {
    repository: ['input.repository', 'input.event.repository'],
    number: ['input.event.issue.number', 'input.event.pull_request.number'],
    body: TEXT,
  },
  'github/issue.close': { repository: ['input.repository'], number: ['input.event.issue.number'] },
  'github/pull.list': { repository: ['input.repository'] },
  'github/pull.get': { repository: ['input.repository'], number: ['input.event.pull_request.number'] },
  'github/file.read': { repository: ['input.repository'] },
};

/** Capabilities that carry words which the skill makes of what it has found. */
export function carriesWords(capability: string): boolean {
  return Object.values(DEFAULTS[capability] ?? {}).some((sources) => sources === TEXT);
}
