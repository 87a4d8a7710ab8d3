import { report, toChannel } from '../deliver.ts';
import { call, compute, optional } from '../nodes.ts';
import type { SkillTemplate, TemplateSlot } from '../template.ts';

const since: TemplateSlot = {
  name: 'since_hours',
  kind: 'hours',
  required: false,
  default: 0,
  question: 'How far back should it look?',
};
const input = { since_hours: optional('number', 'How far back, in hours; 0 = a day', 0) };
const LIST = call('list', 'List the payments', 'stripe/payment.list', { limit: 100 });
const SINCE = '$fromMillis($toMillis(now) - (input.since_hours > 0 ? input.since_hours : 24) * 3600000)';
const AMOUNT = 'function($p) { $formatNumber($p.amount, "#,##0.00") & " " & $p.currency }';
const WHO =
  'function($p) { $exists($p.name) ? $p.name : $exists($p.email) ? $p.email : $exists($p.customer_id) ? $p.customer_id : $p.id }';

const payment = (id: string, more = {}) => ({
  id,
  status: 'succeeded',
  amount: 1_200,
  refunded: 0,
  currency: 'EUR',
  created: '2026-11-23T08:00:00.000Z',
  disputed: false,
  name: 'Hillside',
  ...more,
});

/** Charges that failed or are disputed. Started by Stripe itself it looks at that one charge. */
export const paymentAlert: SkillTemplate = report({
  id: 'payment_alert',
  title: 'Report failed and disputed payments in {target}',
  asks: [
    'post failed payments from Stripe in #billing',
    'post disputed and declined card payments from Stripe in #finance',
    'tell #shop about Stripe disputes and declined cards',
  ],
  needs: [
    ['failed', 'fails', 'failing', 'failure*', 'declin*', 'disput*', 'chargeback*', 'bounced'],
    ['payment*', 'charge*', 'card*', 'stripe', 'transaction*', 'subscription*', 'disput*'],
  ],
  helps: ['stripe', 'alert*', 'post*', 'customer*'],
  excludes: ['refund them', 'email*', 'dm', 'direct message*', 'retry', 'quickbooks', 'phone'],
  wholeSentence: true,
  event: { source: 'stripe', input: {}, polls: true },
  delivery: toChannel,
  slots: [since],
  input,
  read: [
    LIST,
    compute(
      'bad',
      'Keep what failed',
      `(
  $since := ${SINCE};
  $one := trigger.payload.event.payload.object;
  [nodes.list.payments[(status = "failed" or disputed) and ($exists($one) ? id in [$one.id, $one.charge] : created >= $since)]]
)`,
    ),
  ],
  beginning: 'Payments to look at: ',
  words: `(
    $amount := ${AMOUNT};
    $who := ${WHO};
    $count(nodes.bad) = 0 ? "none" : "\\n" & $join([nodes.bad.("• " & $plain($who($)) & ": " & $amount($) & ", " & (disputed ? "disputed" : "failed" & ($exists(failure) ? " (" & $plain(failure) & ")" : "")))], "\\n")
  )`,
  output: { count: '=$count(nodes.bad)' },
  reads: ['payment.read'],
  example: {
    text: 'Every day at 8:20 post failed payments from Stripe in #billing.',
    slots: { target: '#billing' },
    evaluate: [
      {
        graph: 'sg_payment_alert_v1',
        node: 'bad',
        scope: {
          now: '2026-11-23T10:00:00.000Z',
          trigger: { payload: {} },
          input: { since_hours: 0 },
          nodes: {
            list: {
              payments: [
                payment('ch_1'),
                payment('ch_2', { status: 'failed' }),
                payment('ch_3', { disputed: true, created: '2026-11-01T08:00:00.000Z' }),
              ],
            },
          },
        },
        expect: [payment('ch_2', { status: 'failed' })],
      },
      {
        graph: 'sg_payment_alert_v1',
        node: 'word',
        scope: { nodes: { bad: [payment('ch_2', { status: 'failed', failure: 'card_declined' })] } },
        expect: 'Payments to look at: \n• Hillside: 1,200.00 EUR, failed (card_declined)',
      },
    ],
  },
});

/** What came in through Stripe, by currency. */
export const paymentsDigest: SkillTemplate = report({
  id: 'payments_digest',
  title: 'Post what came in through Stripe in {target}',
  asks: ['post the takings of the day from Stripe in #shop', 'share a weekly overview of Stripe payments in #finance'],
  needs: [
    ['stripe'],
    ['payment*', 'charge*', 'takings', 'revenue', 'sales', 'income', 'overview*', 'summar*', 'digest*', 'total*', 'turnover'],
  ],
  helps: ['post*', 'share*', 'day', 'week*', 'total*'],
  excludes: ['failed', 'disput*', 'declin*', 'refund*', 'invoice*', 'dm', 'direct message*', 'email*', 'payment link*'],
  delivery: toChannel,
  slots: [since],
  input,
  read: [
    LIST,
    compute(
      'paid',
      'Keep what was paid',
      `($since := ${SINCE}; [nodes.list.payments[status = "succeeded" and created >= $since]])`,
    ),
  ],
  beginning: 'Stripe: ',
  words: `(
    $all := [nodes.paid];
    $sums := $count($all) = 0 ? {} : $all{currency: $sum(amount)};
    $count($all) = 0 ? "no payments" : $many($count($all), "payment", "payments") & ", "
      & $join([$each($sums, function($sum, $currency) { $formatNumber($sum, "#,##0.00") & " " & $currency })], " and ")
      & ($sum($all.refunded) > 0 ? " (of which some was given back)" : "")
      & ($exists(nodes.list.next_cursor) ? ", among the newest 100" : "")
  )`,
  output: { count: '=$count(nodes.paid)' },
  reads: ['payment.read'],
  example: {
    text: 'Every day at 20:00 post the takings of the day from Stripe in #shop.',
    slots: { target: '#shop' },
    evaluate: [
      {
        graph: 'sg_payments_digest_v1',
        node: 'word',
        scope: {
          nodes: { list: {}, paid: [payment('ch_1'), payment('ch_2', { amount: 0.5 }), payment('ch_3', { currency: 'USD' })] },
        },
        expect: 'Stripe: 3 payments, 1,200.50 EUR and 1,200.00 USD',
      },
    ],
  },
});
