import { fromMail, readNewMailsGraphs } from '../books/requests.ts';
import { aboutSlot, mailInput, onMail, sinceSlot } from '../mail/pieces.ts';
import { inOrder } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { accountInput, accountSlot, enterBills, enterBillsGraphs, enteredOutput, evaluateBills } from './enter-bills.ts';
import { NOT_BILLS } from './words.ts';

/** Enters the bills that suppliers mail. */
export const billFromMail: SkillTemplate = {
  id: 'bill_from_mail',
  title: 'Enter supplier bills that come by mail',
  asks: [
    'enter supplier bills from the mailbox in QuickBooks',
    'when a vendor mails an invoice, record the bill',
    'book incoming supplier invoices from the inbox',
  ],
  // Whatever the verb, what it comes to must be a need of the sentence: "write the invoice", "take the bills".
  does: [{ action: ['create', 'tell', 'look'], object: 'bill' }],
  needs: [],
  helps: ['supplier*', 'vendor*', 'bill*', 'quickbooks', 'inbox', 'email*', 'come in', 'enter*'],
  excludes: [...NOT_BILLS, 'customer invoice*', 'payment*', 'duplicate*', 'slack', 'our customers', 'to customers', 'to clients'],
  event: onMail,
  slots: [accountSlot, sinceSlot, { ...aboutSlot, default: 'invoice' }],
  graphs: [
    {
      id: 'sg_bill_from_mail_v1',
      title: 'Enter bills that came by mail',
      input: { ...mailInput, ...accountInput },
      ...inOrder([fromMail, enterBills('=[nodes.mails.mails]')]),
      output: enteredOutput,
      max_steps: 10,
    },
    ...enterBillsGraphs,
    ...readNewMailsGraphs,
  ],
  permissions: ['email.read', 'bill.read', 'bill.write'],
  allows: [],
  example: {
    text: 'When a supplier bill arrives in our mailbox, enter the bill in QuickBooks, account "Materials".',
    slots: { account: 'Materials' },
    evaluate: evaluateBills,
  },
};
