import { LINES, MONEY, PLAIN } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';

const sample = {
  as_of: '2026-11-24',
  currency: 'USD',
  current: 6_210,
  days_1_30: 4_320.5,
  days_31_60: 640,
  days_61_90: 0,
  days_over_90: 7_200,
  total: 18_370.5,
  truncated: false,
};
const row = {
  customer: 'Hillside Roofing',
  current: 3_900,
  days_1_30: 4_200,
  days_31_60: 0,
  days_61_90: 0,
  days_over_90: 0,
  total: 8_100,
};

/** What customers owe, by how late it is. */
export const agedReceivables = reportTemplates({
  id: 'aged_receivables',
  title: 'Aged receivables',
  object: ['aged_receivables', 'overdue'],
  names: [
    'the aged receivables report',
    'the ageing of what customers owe us',
    'the debtors list by age',
    'receivables broken down by how old they are',
  ],
  needs: [['aged', 'aging', 'ageing', 'by age', 'how old', 'debtor*', 'receivable*']],
  helps: ['report*', 'customer*', 'receivable*', 'debtor*', 'quickbooks', 'age', 'buckets'],
  excludes: ['remind*', 'chase*', 'payables'],
  slots: [],
  input: {},
  reads: [
    {
      id: 'read',
      kind: 'capability',
      title: 'Read the report',
      capability: 'quickbooks/report.aged_receivables',
      parameters: {},
    },
  ],
  pick: '[nodes.read.customers[total != 0].{"customer": customer, "current": current, "d30": days_1_30, "d60": days_31_60, "d90": days_61_90, "over": days_over_90, "total": total}]',
  word: `($quote := ${PLAIN}; $r := nodes.read; $money := function($n) { (${MONEY})($n, $r.currency) }; $all := [nodes.pick]; $parts := function($c, $labels) { $join([$labels.($lookup($c, key) != 0 ? $money($lookup($c, key)) & " " & label)], ", ") }; $labels := [{"key": "current", "label": "not yet due"}, {"key": "d30", "label": "up to 30 days late"}, {"key": "d60", "label": "31 to 60"}, {"key": "d90", "label": "61 to 90"}, {"key": "over", "label": "over 90"}]; $count($all) = 0 ? "Customers owe nothing." : "Customers owe " & $money($r.total) & ($exists($r.as_of) ? " on " & $r.as_of : "") & ": " & $parts({"current": $r.current, "d30": $r.days_1_30, "d60": $r.days_31_60, "d90": $r.days_61_90, "over": $r.days_over_90}, $labels) & ".\\n" & (${LINES})([$all.($c := $; "• " & $quote(customer) & ": " & $money(total) & " (" & $parts($c, $labels) & ")")]))`,
  subject: 'Aged receivables',
  permissions: ['report.read'],
  example: {
    text: 'On the 1st of every month look up the aged receivables report.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_aged_receivables_v1',
        node: 'pick',
        scope: { nodes: { read: { ...sample, customers: [row, { ...row, customer: 'Paid up', total: 0 }] } } },
        expect: [{ customer: 'Hillside Roofing', current: 3_900, d30: 4_200, d60: 0, d90: 0, over: 0, total: 8_100 }],
      },
      {
        graph: 'sg_aged_receivables_v1',
        node: 'word',
        scope: {
          nodes: {
            read: sample,
            pick: [{ customer: 'Hillside Roofing', current: 3_900, d30: 4_200, d60: 0, d90: 0, over: 0, total: 8_100 }],
          },
        },
        expect:
          'Customers owe 18,370.50 USD on 2026-11-24: 6,210.00 USD not yet due, 4,320.50 USD up to 30 days late, 640.00 USD 31 to 60, 7,200.00 USD over 90.\n• Hillside Roofing: 8,100.00 USD (3,900.00 USD not yet due, 4,200.00 USD up to 30 days late)',
      },
      {
        graph: 'sg_aged_receivables_v1',
        node: 'word',
        scope: { nodes: { read: { ...sample, total: 0 }, pick: [] } },
        expect: 'Customers owe nothing.',
      },
    ],
  },
});
