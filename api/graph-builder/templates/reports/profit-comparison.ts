import { LINES, MONEY } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';
import { COMPARE_WORDS, sampleProfit } from './profit-and-loss.ts';

const rows = [
  { name: 'Income', last: 10_000, before: 8_000 },
  { name: 'Gross profit', last: 8_000, before: 6_500 },
  { name: 'Expenses', last: 5_000, before: 5_500 },
  { name: 'Net income', last: 3_000, before: 1_000 },
];
const before = { ...sampleProfit, income: 8_000, gross_profit: 6_500, expenses: 5_500, net_income: 1_000 };

/** The first day of the month so many months ago, or as many days before it. */
const DAY_OF_MONTH_BEFORE = (back: number, day: number): string =>
  `($y := $number($substring(now, 0, 4)); $m := $number($substring(now, 5, 2)) - ${back}; $year := $m < 1 ? $y - 1 : $y; $month := $m < 1 ? $m + 12 : $m; $first := $toMillis($string($year) & "-" & $pad($string($month), -2, "0") & "-01T00:00:00.000Z"); $substring($fromMillis($first - ${day} * 86400000), 0, 10))`;

/** Last month beside the month before it. */
export const profitComparison = reportTemplates({
  id: 'profit_comparison',
  title: 'Last month compared with the month before',
  object: 'profit',
  names: [
    'the profit of the past month compared to the previous one',
    'a comparison of revenue and expenses of the last two months',
    'the profit and loss against the previous month',
  ],
  needs: [COMPARE_WORDS],
  helps: ['month before', 'previous', 'compare*', 'profit', 'quickbooks', 'difference*'],
  excludes: ['competitor*', 'quotes', 'prices'],
  slots: [],
  input: {},
  reads: [
    {
      id: 'last',
      kind: 'capability',
      title: 'Read last month',
      capability: 'quickbooks/report.profit_and_loss',
      parameters: { period: 'last_month' },
    },
    {
      id: 'before',
      kind: 'capability',
      title: 'Read the month before',
      capability: 'quickbooks/report.profit_and_loss',
      parameters: { start_date: `=${DAY_OF_MONTH_BEFORE(2, 0)}`, end_date: `=${DAY_OF_MONTH_BEFORE(1, 1)}` },
    },
  ],
  pick: '($l := nodes.last; $b := nodes.before; [{"name": "Income", "last": $l.income, "before": $b.income}, {"name": "Gross profit", "last": $l.gross_profit, "before": $b.gross_profit}, {"name": "Expenses", "last": $l.expenses, "before": $b.expenses}, {"name": "Net income", "last": $l.net_income, "before": $b.net_income}])',
  word: `($money := function($n) { (${MONEY})($n, $$.nodes.last.currency) }; $l := nodes.last; "Last month" & ($exists($l.start_date) ? " (" & $l.start_date & " to " & $l.end_date & ")" : "") & " beside the month before:\\n" & (${LINES})([nodes.pick.($by := last - before; "• " & name & ": " & $money(last) & ", before " & $money(before) & " (" & ($by = 0 ? "no change" : ($by > 0 ? "+" : "-") & $money($abs($by)) & (before = 0 ? "" : ", " & ($by > 0 ? "+" : "-") & $formatNumber($abs($by / before * 100), "0") & " %")) & ")")]))`,
  subject: 'Last month compared with the month before',
  permissions: ['report.read'],
  example: {
    text: 'On the 2nd of every month compare the profit of the past month to the previous one.',
    slots: {},
    evaluate: [
      { graph: 'sg_profit_comparison_v1', node: 'pick', scope: { nodes: { last: sampleProfit, before } }, expect: rows },
      {
        graph: 'sg_profit_comparison_v1',
        node: 'word',
        scope: { nodes: { last: sampleProfit, before, pick: [...rows, { name: 'Rent', last: 5, before: 5 }] } },
        expect:
          'Last month (2026-10-01 to 2026-10-31) beside the month before:\n• Income: 10,000.00 USD, before 8,000.00 USD (+2,000.00 USD, +25 %)\n• Gross profit: 8,000.00 USD, before 6,500.00 USD (+1,500.00 USD, +23 %)\n• Expenses: 5,000.00 USD, before 5,500.00 USD (-500.00 USD, -9 %)\n• Net income: 3,000.00 USD, before 1,000.00 USD (+2,000.00 USD, +200 %)\n• Rent: 5.00 USD, before 5.00 USD (no change)',
      },
    ],
  },
});
