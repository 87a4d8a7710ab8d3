import { COUNTED, LINES, MONEY, PLAIN } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';

const charge = {
  id: 'ch_declined',
  status: 'failed',
  amount: 7,
  refunded: 0,
  currency: 'USD',
  created: '2026-11-23T10:00:00.000Z',
  disputed: false,
  name: 'Kyoto Papers',
  failure: 'card_declined',
};
const row = { id: 'ch_declined', who: 'Kyoto Papers', amount: 7, currency: 'USD', day: '2026-11-23', why: 'card_declined' };

/** Card payments that Stripe could not take, and those that are disputed. */
export const failedCardPayments = reportTemplates({
  id: 'failed_card_payments',
  title: 'Card payments that failed',
  object: 'payment',
  names: ['failed card payments in Stripe', 'declined Stripe payments of this week', 'disputed and bounced Stripe payments'],
  needs: [
    ['stripe', 'card', 'cards', 'charge*', 'subscription*'],
    ['fail*', 'declin*', 'bounc*', 'disput*', 'rejected', 'unsuccessful', 'chargeback*', 'did not go through', 'not go through'],
  ],
  helps: ['payment*', 'stripe', 'card*', 'week'],
  excludes: ['refund*', 'remind*'],
  slots: [{ name: 'since_hours', kind: 'hours', required: false, default: 0, question: 'How far back should it look?' }],
  input: { since_hours: { type: 'number', description: 'How far back, in hours; 0 = a week', required: false, default: 0 } },
  reads: [
    { id: 'list', kind: 'capability', title: 'List the charges', capability: 'stripe/payment.list', parameters: { limit: 100 } },
  ],
  pick: '($since := $toMillis(now) - (input.since_hours > 0 ? input.since_hours : 168) * 3600000; [nodes.list.payments[(status = "failed" or disputed) and $toMillis(created) >= $since].{"id": id, "who": $exists(name) ? name : $exists(email) ? email : $exists(description) ? description : id, "amount": amount, "currency": currency, "day": $substring(created, 0, 10), "why": disputed ? "disputed" : $exists(failure) ? failure : "failed"}])',
  word: `($quote := ${PLAIN}; $money := ${MONEY}; $all := [nodes.pick]; $n := $count($all); $n = 0 ? "No card payment failed." : (${COUNTED})($n, "card payment", "card payments") & " failed or disputed:\\n" & (${LINES})([$all.("• " & day & ", " & $quote(who) & ": " & $money(amount, currency) & " (" & $replace($quote(why), "_", " ") & ")")]))`,
  subject: 'Card payments that failed',
  // Posts about them are an alert, which is a skill of its own.
  ways: ['dm', 'mail'],
  permissions: ['payment.read'],
  example: {
    text: 'Every day at 9:00 look up failed card payments in Stripe.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_failed_card_payments_v1',
        node: 'pick',
        scope: {
          now: '2026-11-24T09:00:00.000Z',
          input: { since_hours: 24 },
          nodes: {
            list: { payments: [charge, { ...charge, created: '2026-11-20T10:00:00.000Z' }, { ...charge, status: 'succeeded' }] },
          },
        },
        expect: [row],
      },
      {
        graph: 'sg_failed_card_payments_v1',
        node: 'word',
        scope: { nodes: { pick: [row] } },
        expect: '1 card payment failed or disputed:\n• 2026-11-23, Kyoto Papers: 7.00 USD (card declined)',
      },
      { graph: 'sg_failed_card_payments_v1', node: 'word', scope: { nodes: { pick: [] } }, expect: 'No card payment failed.' },
    ],
  },
});
