import { fromAsked } from '../books/requests.ts';
import { inOrder } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { MAIL_WORDS } from '../mail/words.ts';
import { accountInput, accountSlot, enterBills, enterBillsGraphs, enteredOutput, evaluateBills } from './enter-bills.ts';
import { NOT_BILLS } from './words.ts';

/** Enters the bills that people tell of in Slack or by a command: "Norden Paper, NP-901, 1,240 USD, due 2026-12-12". */
export const billFromMessage: SkillTemplate = {
  id: 'bill_from_message',
  title: 'Enter supplier bills on request',
  asks: [
    'when somebody posts a supplier bill in #purchasing, enter it in QuickBooks',
    'record vendor bills that I tell you about',
    'add bills to the books when I ask',
  ],
  // Whatever the verb, what it comes to must be a need of the sentence: "write the invoice", "take the bills".
  does: [{ action: ['create', 'tell', 'look'], object: 'bill' }],
  needs: [],
  helps: ['supplier*', 'vendor*', 'tell you', 'ask', 'quickbooks', 'message', 'slack'],
  excludes: [...NOT_BILLS, ...MAIL_WORDS, 'payment*', 'duplicate*', 'bills of lading', 'look up', 'due'],
  slots: [accountSlot],
  graphs: [
    {
      id: 'sg_bill_from_message_v1',
      title: 'Enter bills on request',
      input: accountInput,
      ...inOrder([fromAsked, enterBills('=[nodes.asked]')]),
      output: enteredOutput,
      max_steps: 10,
    },
    ...enterBillsGraphs,
  ],
  permissions: ['bill.read', 'bill.write'],
  allows: [],
  example: {
    text: 'When somebody posts a supplier bill in #purchasing, enter the bill in QuickBooks, account "Materials".',
    slots: { account: 'Materials' },
    evaluate: evaluateBills,
  },
};
