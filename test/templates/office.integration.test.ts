import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../contracts/json.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { openOffice, type Office } from './office.ts';

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack();
}, 180_000);
afterAll(() => world?.close());

interface Story {
  skill: string;
  job: string;
  /** What has happened at the providers before the run. */
  before?: (office: Office) => Promise<JsonObject | void>;
  /** How many effects a person says yes to. */
  approvals?: number;
  /** All that the providers have seen of the run. */
  effects: { [what: string]: unknown }[];
}

const ROSA = 'rosa@harbourcafe.example';
const text = (...parts: string[]) => expect.stringMatching(new RegExp(parts.join('[^]*')));

const stories: Story[] = [
  {
    skill: 'label_mail',
    job: 'Label each new email as "Invoices" or "Handled".',
    effects: [{ method: 'messages.modify', added: [expect.any(String)] }],
  },
  {
    skill: 'draft_replies',
    job: 'Draft a reply to each new email from a customer and leave it in the drafts folder.',
    effects: [{ method: 'drafts.create', to: [ROSA], subject: 'Re: Invoice 1041', text: text('Hello Rosa', 'your answer') }],
  },
  {
    skill: 'acknowledge_mail',
    job: 'Acknowledge receipt of every new email with the words "Thank you, we will answer within two days.".',
    effects: [{ method: 'messages.send', to: [ROSA], text: text('^Thank you, we will answer within two days\\.') }],
  },
  {
    skill: 'mail_digest',
    job: 'Every morning at 8:00 post an overview of the new emails in #general.',
    effects: [
      {
        method: 'chat.postMessage',
        text: text('^Mail: 1 message\\n', 'Rosa Lind: Re: Invoice 1041', 'and 1 newsletter or notice$'),
      },
    ],
  },
  {
    skill: 'urgent_mail',
    job: 'If an angry email from a customer arrives, post its subject and sender in #support right away.',
    before: async ({ mail }) =>
      void (await mail({ from: 'Jo <jo@guest.example>', subject: 'My lawyer <!channel>', text: 'You will hear from us.' })),
    effects: [{ method: 'chat.postMessage', text: 'Urgent mail from Jo (jo@guest.example): My lawyer &lt;!channel&gt;' }],
  },
  {
    skill: 'unanswered_mail_note',
    job: 'Every day at 16:00 send Dana a direct message with the unanswered emails.',
    effects: [
      { method: 'conversations.open' },
      {
        method: 'chat.postMessage',
        text: text('^Mail without an answer: 1 message\\n', 'Tomas Veld \\(Veld &amp; Sons\\): Bücher für die Messe'),
      },
    ],
  },
  {
    skill: 'lead_intake',
    job: 'When a new inquiry arrives by email, acknowledge it with "Thank you, we call you tomorrow" and post it in #general.',
    before: async ({ mail, mailEvent }) =>
      mailEvent(await mail({ from: 'Jo <jo@guest.example>', subject: 'Prices?', text: 'How much for 40?' })),
    effects: [
      { method: 'chat.postMessage', text: text('^New inquiry from Jo', 'Prices\\?') },
      { method: 'messages.send', to: ['jo@guest.example'], text: text('^Thank you, we call you tomorrow') },
    ],
  },
  {
    skill: 'channel_mail',
    job: 'Every Friday at 16:00 email a summary of #finance to board@firm.example.',
    effects: [{ method: 'messages.send', to: ['board@firm.example'], text: text('^Digest of #finance', 'October is closed') }],
  },
  {
    skill: 'answer_questions',
    job: 'Answer the usual questions that people ask in #questions.',
    before: async ({ write }) => write('C0QUESTION', 'U0DANA0001', 'Which glue for vellum spines on a large book?'),
    effects: [
      {
        method: 'chat.postMessage',
        channel: 'C0QUESTION',
        thread_ts: expect.any(String),
        text: text('^This was asked before: Wheat paste first'),
      },
    ],
  },
  {
    skill: 'escalate_unanswered',
    job: 'Every two hours send Dana a direct message with the questions in #questions that nobody has answered.',
    effects: [
      { method: 'conversations.open' },
      { method: 'chat.postMessage', text: text('^Still without an answer in #questions', 'marbled paper') },
    ],
  },
  {
    skill: 'agenda',
    job: "Every weekday at 8:00 post today's appointments from the calendar in #general.",
    effects: [{ method: 'chat.postMessage', text: text('^Agenda: 1 event\\n• \\d\\d:\\d\\d Stand-up$') }],
  },
  {
    skill: 'remind_attendees',
    job: 'Every day at 10:00 remind the participants of upcoming meetings in the calendar by email.',
    approvals: 1,
    effects: [{ method: 'messages.send', to: ['ines@millrace.example'], subject: text('^Reminder: Stand-up, ') }],
  },
  {
    skill: 'issue_digest',
    job: 'Every Monday at 9:00 post the new issues of millrace/press on GitHub in #general.',
    effects: [
      { method: 'chat.postMessage', text: text('^Issues of millrace/press: 2 open, 2 new\\n', 'Paper jams', 'bug, urgent') },
    ],
  },
  {
    skill: 'payment_alert',
    job: 'Every day at 8:00 post failed payments from Stripe in #billing.',
    effects: [
      { method: 'chat.postMessage', text: text('^Payments to look at: \\n• .*: 7\\.00 USD, failed \\(card_declined\\)$') },
    ],
  },
];

it.each(stories.map((story) => [story.skill, story] as const))(
  '%s has exactly the effects that it says',
  async (_, story) => {
    const office = await openOffice(world, story.job);
    expect(office.skills).toEqual([story.skill]);
    const payload = (await story.before?.(office)) ?? {};
    const run = await office.run(payload, story.approvals ?? 0);
    expect(run).toMatchObject({ status: 'completed', error_code: null });
    expect(await office.effects()).toMatchObject(story.effects);
  },
  60_000,
);
