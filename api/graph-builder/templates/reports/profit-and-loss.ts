import { LINES, MONEY, PLAIN } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';

/** A report as `report.profit_and_loss` gives it, for worked examples. */
export const sampleProfit = {
  start_date: '2026-10-01',
  end_date: '2026-10-31',
  currency: 'USD',
  income: 10_000,
  cost_of_goods_sold: 2_000,
  gross_profit: 8_000,
  expenses: 5_000,
  net_income: 3_000,
  accounts: [
    { section: 'Income', account: 'Binding', amount: 10_000 },
    { section: 'Expenses', account: 'Rent', amount: 5_000 },
  ],
  truncated: false,
};

export const COMPARE_WORDS = [
  'compar*',
  'versus',
  'vs',
  'against',
  'month before',
  'previous month',
  'year before',
  'difference*',
  'change since',
  'two months',
  'two periods',
  'development',
];

/** Profit and loss of the last month. */
export const profitAndLoss = reportTemplates({
  id: 'profit_and_loss',
  title: 'Profit and loss of last month',
  object: 'profit',
  names: [
    'the P&L of the past month',
    'the monthly P&L from QuickBooks',
    'the income statement of the month',
    "last month's margin in one line",
  ],
  needs: [],
  helps: ['month*', 'last month', 'quickbooks', 'profit', 'loss', 'report*', 'summary'],
  excludes: [...COMPARE_WORDS, 'profit centre*', 'non-profit', 'nonprofit', 'not for profit', 'gross salary'],
  slots: [],
  input: {},
  reads: [
    {
      id: 'read',
      kind: 'capability',
      title: 'Read the report',
      capability: 'quickbooks/report.profit_and_loss',
      parameters: { period: 'last_month' },
    },
  ],
  pick: '[nodes.read.accounts[amount != 0]^(>amount).{"section": section, "account": account, "amount": amount}]',
  word: `($quote := ${PLAIN}; $r := nodes.read; $money := function($n) { (${MONEY})($n, $r.currency) }; $margin := $r.income = 0 ? "" : " (" & $formatNumber($r.net_income / $r.income * 100, "0.0") & " % of income)"; ($exists($r.start_date) ? $r.start_date & " to " & $r.end_date & ": " : "") & ($r.net_income < 0 ? "loss of " & $money(-$r.net_income) : "profit of " & $money($r.net_income)) & $margin & ".\\n" & (${LINES})(["• Income: " & $money($r.income), "• Cost of goods sold: " & $money($r.cost_of_goods_sold), "• Gross profit: " & $money($r.gross_profit), "• Expenses: " & $money($r.expenses)]) & ($count(nodes.pick) = 0 ? "" : "\\nLargest accounts: " & $join([nodes.pick[[0..4]].($quote(account) & " " & $money(amount))], ", ") & "."))`,
  subject: 'Profit and loss of last month',
  permissions: ['report.read'],
  example: {
    text: 'On the 5th of every month at 7:30 read the P&L of the past month.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_profit_and_loss_v1',
        node: 'pick',
        scope: {
          nodes: {
            read: {
              ...sampleProfit,
              accounts: [...sampleProfit.accounts, { section: 'Expenses', account: 'Nothing', amount: 0 }],
            },
          },
        },
        expect: sampleProfit.accounts,
      },
      {
        graph: 'sg_profit_and_loss_v1',
        node: 'word',
        scope: { nodes: { read: sampleProfit, pick: sampleProfit.accounts } },
        expect:
          '2026-10-01 to 2026-10-31: profit of 3,000.00 USD (30.0 % of income).\n• Income: 10,000.00 USD\n• Cost of goods sold: 2,000.00 USD\n• Gross profit: 8,000.00 USD\n• Expenses: 5,000.00 USD\nLargest accounts: Binding 10,000.00 USD, Rent 5,000.00 USD.',
      },
      {
        graph: 'sg_profit_and_loss_v1',
        node: 'word',
        scope: {
          nodes: {
            read: { ...sampleProfit, income: 0, net_income: -50, cost_of_goods_sold: 0, gross_profit: 0, expenses: 50 },
            pick: [],
          },
        },
        expect:
          '2026-10-01 to 2026-10-31: loss of 50.00 USD.\n• Income: 0.00 USD\n• Cost of goods sold: 0.00 USD\n• Gross profit: 0.00 USD\n• Expenses: 50.00 USD',
      },
    ],
  },
});
