import { z } from 'zod';
import type { Company, Entity } from './company.ts';
import { unsupported } from './faults.ts';
import { CURRENCY } from './seed.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const DAY_MS = 86_400_000;
const cell = (value: string, id?: string) => ({ value, ...(id !== undefined && { id }) });
const money = (cents: number) => (cents / 100).toFixed(2);
const centsOf = (value: unknown) => Math.round(Number(value) * 100);
const nameOf = (ref: unknown) => String(Reflect.get(Object(ref), 'name'));
const idOf = (ref: unknown) => String(Reflect.get(Object(ref), 'value'));

function parse<T>(schema: z.ZodType<T>, query: unknown): T {
  const parsed = schema.safeParse(query);
  if (!parsed.success) throw unsupported(z.prettifyError(parsed.error));
  return parsed.data;
}

const profitSchema = z.strictObject({
  start_date: day.optional(),
  end_date: day.optional(),
  date_macro: z.enum(['This Month', 'Last Month', 'This Fiscal Year', 'Last Fiscal Year']).optional(),
  accounting_method: z.enum(['Cash', 'Accrual']).default('Accrual'),
});

/** First and last day of a named period. */
function periodOf(macro: string, today: string): [string, string] {
  const [year = 0, month = 0] = today.split('-').map(Number);
  const iso = (y: number, m: number, d: number) => new Date(Date.UTC(y, m - 1, d)).toISOString().slice(0, 10);
  if (macro === 'This Month') return [iso(year, month, 1), iso(year, month + 1, 0)];
  if (macro === 'Last Month') return [iso(year, month - 1, 1), iso(year, month, 0)];
  const of = macro === 'This Fiscal Year' ? year : year - 1;
  return [iso(of, 1, 1), iso(of, 12, 31)];
}

/** Income by item and expenses by account, of what is dated within the period. */
export function profitAndLoss(company: Company, rawQuery: unknown) {
  const query = parse(profitSchema, rawQuery);
  const named = periodOf(query.date_macro ?? 'This Month', company.today());
  const [start, end] =
    query.start_date !== undefined && query.end_date !== undefined ? [query.start_date, query.end_date] : named;
  const isWithin = (one: Entity) => String(one['TxnDate']) >= start && String(one['TxnDate']) <= end;
  const income = byName([...company.entities.Invoice.values()].filter(isWithin), 'SalesItemLineDetail', 'ItemRef');
  const expenses = byName([...company.entities.Bill.values()].filter(isWithin), 'AccountBasedExpenseLineDetail', 'AccountRef');
  const net = totalOf(income) - totalOf(expenses);
  const result = (group: string, title: string, cents: number) => ({
    Summary: { ColData: [cell(title), cell(money(cents))] },
    type: 'Section',
    group,
  });
  return {
    Header: {
      Time: company.time(),
      ReportName: 'ProfitAndLoss',
      ReportBasis: query.accounting_method,
      StartPeriod: start,
      EndPeriod: end,
      Currency: CURRENCY,
    },
    Columns: {
      Column: [
        { ColTitle: '', ColType: 'Account' },
        { ColTitle: 'Total', ColType: 'Money' },
      ],
    },
    Rows: {
      Row: [
        section('Income', 'Income', income),
        result('GrossProfit', 'Gross Profit', totalOf(income)),
        section('Expenses', 'Expenses', expenses),
        result('NetOperatingIncome', 'Net Operating Income', net),
        result('NetIncome', 'Net Income', net),
      ],
    },
  };
}

function byName(transactions: readonly Entity[], detail: string, ref: string): Map<string, number> {
  const totals = new Map<string, number>();
  for (const line of transactions.flatMap((one) => z.array(z.looseObject({ Amount: z.number() })).parse(one['Line']))) {
    if (line[detail] === undefined) continue;
    const name = nameOf(Reflect.get(Object(line[detail]), ref));
    totals.set(name, (totals.get(name) ?? 0) + centsOf(line.Amount));
  }
  return totals;
}

const totalOf = (totals: ReadonlyMap<string, number>) => [...totals.values()].reduce((sum, one) => sum + one, 0);

function section(group: string, title: string, totals: ReadonlyMap<string, number>) {
  const rows = [...totals].map(([name, cents]) => ({ ColData: [cell(name, '1'), cell(money(cents))], type: 'Data' }));
  return {
    Header: { ColData: [cell(title), cell('')] },
    Rows: { Row: rows },
    Summary: { ColData: [cell(`Total ${title}`), cell(money(totalOf(totals)))] },
    type: 'Section',
    group,
  };
}

const agedSchema = z.strictObject({ report_date: day.optional(), aging_method: z.enum(['Report_Date', 'Current']).optional() });
const AGES = ['Current', '1 - 30', '31 - 60', '61 - 90', '91 and over'];

function ageOf(due: string, at: string): number {
  const late = Math.round((Date.parse(at) - Date.parse(due)) / DAY_MS);
  return late <= 0 ? 0 : Math.min(4, Math.ceil(late / 30));
}

/** What customers owe, by age. */
export function agedReceivables(company: Company, rawQuery: unknown) {
  const { report_date: at = company.today() } = parse(agedSchema, rawQuery);
  const owed = new Map<string, { name: string; ages: number[] }>();
  for (const invoice of company.entities.Invoice.values()) {
    if (invoice['Balance'] === 0) continue;
    const id = idOf(invoice['CustomerRef']);
    const row = owed.get(id) ?? { name: nameOf(invoice['CustomerRef']), ages: AGES.map(() => 0) };
    const age = ageOf(String(invoice['DueDate']), at);
    row.ages[age] = (row.ages[age] ?? 0) + centsOf(invoice['Balance']);
    owed.set(id, row);
  }
  const totals = AGES.map((_age, index) => [...owed.values()].reduce((sum, { ages }) => sum + (ages[index] ?? 0), 0));
  const cells = (ages: readonly number[]) => {
    const total = ages.reduce((sum, one) => sum + one, 0);
    return [...ages.map((cents) => cell(cents === 0 ? '' : money(cents))), cell(money(total))];
  };
  return {
    Header: { Time: company.time(), ReportName: 'AgedReceivables', StartPeriod: at, EndPeriod: at, Currency: CURRENCY },
    Columns: {
      Column: ['', ...AGES, 'Total'].map((title, index) => ({ ColTitle: title, ColType: index === 0 ? 'Customer' : 'Money' })),
    },
    Rows: {
      Row: [
        ...[...owed].map(([id, { name, ages }]) => ({ ColData: [cell(name, id), ...cells(ages)] })),
        { Summary: { ColData: [cell('TOTAL'), ...cells(totals)] }, type: 'Section', group: 'GrandTotal' },
      ],
    },
  };
}
