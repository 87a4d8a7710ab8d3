import type { JsonObject } from '../../../contracts/json.ts';
import type { ReadCapability } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { COMMON } from './facts.ts';
import { dataRows, numberOf, reportSchema, totalOf, type Report } from './report-rows.ts';
import { DATE_PARAMETER, described, NUMBER, objectSchema, TEXT } from './schemas.ts';
import { present } from './wire.ts';

const MAX_ROWS = 200;

/** https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/profitandloss: `date_macro`. */
const PERIODS: { readonly [period: string]: string } = {
  this_month: 'This Month',
  last_month: 'Last Month',
  this_year: 'This Fiscal Year',
  last_year: 'Last Fiscal Year',
};

const PROFIT_AND_LOSS: JsonObject = objectSchema(
  {
    start_date: TEXT,
    end_date: TEXT,
    basis: TEXT,
    currency: TEXT,
    income: NUMBER,
    cost_of_goods_sold: NUMBER,
    gross_profit: NUMBER,
    expenses: NUMBER,
    net_income: NUMBER,
    accounts: {
      type: 'array',
      items: objectSchema({ section: TEXT, account: TEXT, amount: NUMBER }, ['section', 'account', 'amount']),
    },
    truncated: { type: 'boolean', description: 'There are more accounts than these; the sums hold all.' },
  },
  ['income', 'cost_of_goods_sold', 'gross_profit', 'expenses', 'net_income', 'accounts', 'truncated'],
);

function headerOf({ Header: header }: Report): JsonObject {
  return present({
    start_date: header.StartPeriod,
    end_date: header.EndPeriod,
    basis: header.ReportBasis,
    currency: header.Currency,
  });
}

function toProfitAndLoss(report: Report): JsonObject {
  const rows = report.Rows.Row ?? [];
  const accounts = rows.flatMap((section) =>
    dataRows(section.Rows?.Row ?? []).map(({ ColData: cells = [] }) => ({
      section: section.Header?.ColData[0]?.value ?? section.group ?? '',
      account: cells[0]?.value ?? '',
      amount: numberOf(cells.at(-1)?.value),
    })),
  );
  return {
    ...headerOf(report),
    income: totalOf(rows, 'Income'),
    cost_of_goods_sold: totalOf(rows, 'COGS'),
    gross_profit: totalOf(rows, 'GrossProfit'),
    expenses: totalOf(rows, 'Expenses'),
    net_income: totalOf(rows, 'NetIncome'),
    accounts: accounts.slice(0, MAX_ROWS),
    truncated: accounts.length > MAX_ROWS,
  };
}

export const profitAndLoss: ReadCapability = {
  ...COMMON,
  capability: 'report.profit_and_loss',
  title: 'Profit and loss',
  description: 'Reads the profit and loss report: for a named period, or from a day to a day. Last month when nothing is said.',
  permission: 'report.read',
  risk: 'read',
  summaryParameter: 'period',
  inputSchema: {
    ...objectSchema(
      {
        period: { type: 'string', enum: Object.keys(PERIODS) },
        start_date: DATE_PARAMETER,
        end_date: DATE_PARAMETER,
        basis: { type: 'string', enum: ['accrual', 'cash'], description: "The company's own when absent." },
      },
      [],
    ),
    dependentRequired: { start_date: ['end_date'], end_date: ['start_date'] },
  },
  outputSchema: PROFIT_AND_LOSS,
  request: (parameters) => {
    const [start, basis] = [text(parameters, 'start_date'), text(parameters, 'basis')];
    const dates = { start_date: start, end_date: text(parameters, 'end_date') };
    const period = { date_macro: PERIODS[text(parameters, 'period')] ?? 'Last Month' };
    const method = basis === '' ? {} : { accounting_method: basis === 'cash' ? 'Cash' : 'Accrual' };
    return { method: 'reports/ProfitAndLoss', args: { ...(start === '' ? period : dates), ...method } };
  },
  result: (body) => toProfitAndLoss(readBody(reportSchema, body)),
};

/** The columns of QuickBooks' own ageing, in their order, before the total. */
const AGES = ['current', 'days_1_30', 'days_31_60', 'days_61_90', 'days_over_90'] as const;
const AGE_MEMBERS = { ...Object.fromEntries(AGES.map((age) => [age, NUMBER])), total: NUMBER };
const AGE_NAMES = [...AGES, 'total'];

function agesOf(cells: { value?: string | undefined }[]): JsonObject {
  return Object.fromEntries(AGE_NAMES.map((age, index) => [age, numberOf(cells[index + 1]?.value)]));
}

function toAgedReceivables(report: Report): JsonObject {
  const rows = report.Rows.Row ?? [];
  const customers = dataRows(rows).map(({ ColData: cells = [] }) => ({
    customer: cells[0]?.value ?? '',
    ...present({ customer_id: cells[0]?.id }),
    ...agesOf(cells),
  }));
  const total = rows.find(({ group }) => group === 'GrandTotal')?.Summary?.ColData ?? [];
  const bySize = customers.toSorted((a, b) => Number(Reflect.get(b, 'total')) - Number(Reflect.get(a, 'total')));
  return {
    ...present({ as_of: report.Header.EndPeriod, currency: report.Header.Currency }),
    ...agesOf(total),
    customers: bySize.slice(0, MAX_ROWS),
    truncated: customers.length > MAX_ROWS,
  };
}

export const agedReceivables: ReadCapability = {
  ...COMMON,
  capability: 'report.aged_receivables',
  title: 'Aged receivables',
  description: 'Reads what customers owe, by customer and by how late it is, the biggest first.',
  permission: 'report.read',
  risk: 'read',
  summaryParameter: 'as_of',
  inputSchema: objectSchema({ as_of: described(DATE_PARAMETER, 'On this day; today when absent.') }, []),
  outputSchema: objectSchema(
    {
      as_of: TEXT,
      currency: TEXT,
      ...AGE_MEMBERS,
      customers: {
        type: 'array',
        items: objectSchema({ customer: TEXT, customer_id: TEXT, ...AGE_MEMBERS }, ['customer', ...AGE_NAMES]),
      },
      truncated: { type: 'boolean', description: 'There are more customers than these; the sums hold all.' },
    },
    [...AGE_NAMES, 'customers', 'truncated'],
  ),
  // https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/aragingsummary
  request: (parameters) => ({
    method: 'reports/AgedReceivables',
    args: { report_date: text(parameters, 'as_of') || undefined, aging_method: 'Report_Date' },
  }),
  result: (body) => toAgedReceivables(readBody(reportSchema, body)),
};
