import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { openFirm, type Firm } from './firm.ts';

let world: TestStack;
let office: Firm;
beforeAll(async () => {
  world = await startTestStack();
  office = await openFirm(world, world.newOrg());
}, 180_000);
afterAll(() => world?.close());

const capabilitiesOf = (asked: readonly { call?: { capability: string } | null | undefined }[]) =>
  asked.map(({ call }) => call?.capability);

/** Employees are hired by their words, and run on the engine against the sandbox, whose log says what was done. */
describe('bookkeeping skills', () => {
  test('tell one person which bills are due, unasked, because the description names who gets it', async () => {
    const { skills, work } = await office.hire('Every Friday at 16:00 dm Dana the supplier bills due within 7 days.');
    expect(skills).toEqual(['bills_due_dm']);
    const { run, asked, books, posts } = await work();
    expect(run).toMatchObject({ status: 'completed' });
    expect(asked).toEqual([]);
    expect(books).toEqual([]);
    expect(posts).toHaveLength(1);
    expect(posts[0]?.text).toContain('2 supplier bills are due within 7 days, 1,550.40 USD in all:');
    expect(posts[0]?.text).toContain('• Bright Adhesives: 310.40 USD');
  });

  test('remember the numbers of one week until the next', async () => {
    const { skills, work } = await office.hire('Each Tuesday at 7:30 post the week in numbers from the books in #finance.');
    expect(skills).toEqual(['week_in_numbers_post']);
    const [first] = (await work()).posts;
    const [second] = (await work()).posts;
    expect(first?.text).toContain('• Overdue: 12,160.50 USD on 4 invoices');
    expect(first?.text).not.toContain('the week before');
    expect(second?.text).toContain('• Overdue: 12,160.50 USD on 4 invoices, as the week before');
  });

  test('mail the comparison of two months to the address that is named', async () => {
    const { skills, work } = await office.hire(
      'On the 2nd of every month email a comparison of our profit with the previous month to board@millrace.example.',
    );
    expect(skills).toEqual(['profit_comparison_mail']);
    const { asked, mails } = await work();
    expect(asked).toEqual([]);
    expect(mails).toMatchObject([
      {
        to: ['board@millrace.example'],
        subject: 'Last month compared with the month before',
        text: expect.stringContaining('• Net income: '),
      },
    ]);
  });

  test('enter a bill that a supplier mailed, after a yes, and never twice', async () => {
    const { skills, work } = await office.hire(
      'When a supplier invoice arrives in our mailbox, enter the bill in QuickBooks, account "Materials".',
    );
    expect(skills).toEqual(['bill_from_mail']);
    const text =
      'Our invoice NP-901.\nSubtotal 100.00 USD\nTotal due: 124.00 USD\nDue on 12 December 2026.\n\nNorden Paper Mills';
    await world.sandbox.gmail.receive(office.accounts.gmail, {
      from: 'Norden <billing@nordenpaper.example>',
      subject: 'Invoice NP-901',
      text,
    });
    const done = await work();
    expect(capabilitiesOf(done.asked)).toEqual(['quickbooks/bill.create']);
    expect(done.books).toMatchObject([
      {
        method: 'bill.create',
        object: { VendorRef: { value: '51' }, TotalAmt: 124, DocNumber: 'NP-901', DueDate: '2026-12-12' },
      },
    ]);
    const again = await work();
    expect(again.books).toEqual([]);
    expect(again.asked).toEqual([]);
  });

  test('record the payment that fits to the cent, and ask about the one that does not', async () => {
    const { skills, work } = await office.hire(
      'When the bank mails a payment notice (from notices@bank.example), record the payment against the open invoice. If it is unclear, ask Dana by direct message.',
    );
    expect(skills).toEqual(['record_payments', 'ask_person_unclear']);
    const notice = (text: string) =>
      world.sandbox.gmail.receive(office.accounts.gmail, { from: 'notices@bank.example', subject: 'Incoming transfer', text });
    await notice('You have received 640.00 USD from Marsh & Sons, reference 1043.');
    await notice('You have received 2,300.00 USD from Larkfield Studio, reference 1045.');
    const { asked, books, posts } = await work();
    expect(capabilitiesOf(asked)).toEqual(['quickbooks/payment.create']);
    expect(books).toMatchObject([
      {
        method: 'payment.create',
        object: { TotalAmt: 640, CustomerRef: { value: '2' }, Line: [{ LinkedTxn: [{ TxnId: '143', TxnType: 'Invoice' }] }] },
      },
    ]);
    expect(posts).toHaveLength(1);
    expect(posts[0]?.text).toContain('2,300.00 USD: the amount differs from what is open');
    expect((await work()).books).toEqual([]);
  });

  test('create an invoice out of a sentence, and send it, each after a yes', async () => {
    const { skills, work } = await office.hire(
      'When I tell you what was done for which client, make an invoice in QuickBooks. Then send the invoice to the customer.',
    );
    expect(skills).toEqual(['invoice_on_request', 'send_created_invoices']);
    const { asked, books } = await work({ command: 'Larkfield, twelve boxes, 1,250' });
    expect(capabilitiesOf(asked)).toEqual(['quickbooks/invoice.create', 'quickbooks/invoice.send']);
    expect(books).toMatchObject([
      { method: 'invoice.create', object: { CustomerRef: { value: '4' }, TotalAmt: 1_250 } },
      { method: 'invoice.send', id: expect.any(String) },
    ]);
    const unclear = await work({ command: 'the usual for somebody' });
    expect(unclear.books).toEqual([]);
    expect(unclear.asked).toEqual([]);
  });

  test('create the customer of a form once', async () => {
    const { skills, work } = await office.hire('When a contact form arrives by email, create the customer in QuickBooks.');
    expect(skills).toEqual(['customer_from_mail']);
    const text = 'Name: Brook Farm\nEmail: office@brook.example\nPhone: (555) 010-7788';
    await world.sandbox.gmail.receive(office.accounts.gmail, { from: 'forms@site.example', subject: 'Contact form', text });
    const { books } = await work();
    expect(books).toMatchObject([
      { method: 'customer.create', object: { DisplayName: 'Brook Farm', PrimaryEmailAddr: { Address: 'office@brook.example' } } },
    ]);
    expect((await work()).books).toEqual([]);
  });

  test('answer in the thread how an invoice stands', async () => {
    const { skills, work } = await office.hire(
      'When somebody asks in #billing how an invoice stands, look the invoice up in QuickBooks and reply in its thread.',
    );
    expect(skills).toEqual(['invoice_answer']);
    const question = 'How does 1042 stand?';
    const { channel, ts } = await world.sandbox.seedMessage(office.accounts.slack, {
      channel: 'C0BILLING1',
      user: 'U0AMARA001',
      text: question,
    });
    const { asked, posts } = await work({ message: { channel, ts, user: 'U0AMARA001', text: question } });
    expect(asked).toEqual([]);
    expect(posts).toMatchObject([
      {
        thread_ts: ts,
        text: expect.stringContaining('Invoice 1042 for Hillside Roofing: 8,400.00 USD, 4,200.00 USD of it open'),
      },
    ]);
  });

  test('thank payers after a yes, and nobody twice', async () => {
    const { skills, work } = await office.hire(
      'Every day at 9:00 thank customers by email for their payments of the last 20 days.',
    );
    expect(skills).toEqual(['thank_payers']);
    const { asked, mails } = await work();
    expect(capabilitiesOf(asked)).toContain('gmail/email.send');
    expect(mails.map(({ to }) => to[0])).toContain('accounts@hillside.example');
    expect(mails.find(({ to }) => to[0] === 'accounts@hillside.example')?.text).toContain('4,200.00 USD');
    expect((await work()).mails).toEqual([]);
  });

  test('remind customers at most so often, and say who had all their reminders', async () => {
    const { skills, work } = await office.hire(
      'Look up the overdue invoices in QuickBooks, only those over 5,000 dollars. Send each of those customers at most 1 reminder by email. After their last reminder send Dana a direct message.',
    );
    expect(skills).toEqual(['overdue_invoices', 'remind_customers', 'tell_exhausted']);
    const first = await work();
    expect(first.mails).toMatchObject([{ to: ['bills@fernhollow.example'], subject: expect.stringContaining('1046') }]);
    expect(first.posts).toEqual([]);
    const second = await work();
    expect(second.mails).toEqual([]);
    expect(second.posts).toHaveLength(1);
    expect(second.posts[0]?.text).toContain('Fernhollow Furniture: 7,200.00 USD');
  });
});
