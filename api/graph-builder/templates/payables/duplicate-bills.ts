import { COUNTED, LINES, MONEY, PLAIN } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';
import { sampleBill } from './bills-due.ts';

/** Bills of one supplier are compared when they are dated so near to each other; rent of two months is no duplicate. */
const DAYS_APART = 10;

/** Bills that look as if they were entered twice. */
export const duplicateBills = reportTemplates({
  id: 'duplicate_bills',
  title: 'Bills that may be in the books twice',
  object: 'bill',
  names: ['duplicate supplier bills', 'bills that were entered twice', 'possible double entries among the vendor bills'],
  needs: [['duplicat*', 'twice', 'double*', 'two times', 'same bill', 'repeated']],
  helps: ['supplier*', 'vendor*', 'entered', 'booked', 'quickbooks', 'same'],
  excludes: ['enter the', 'enter every', 'enter each', 'enter new'],
  slots: [],
  input: {},
  reads: [
    {
      id: 'list',
      kind: 'capability',
      title: 'List the bills',
      capability: 'quickbooks/bill.list',
      parameters: { status: 'all', limit: 200 },
    },
    // The list begins with the oldest: those that are still to be paid matter most.
    {
      id: 'open',
      kind: 'capability',
      title: 'List the open ones',
      capability: 'quickbooks/bill.list',
      parameters: { status: 'open', limit: 200 },
    },
  ],
  // Same supplier with the same number, or with the same amount on days that lie near to each other.
  pick: `(
  $day := function($b) { $exists($b.date) ? $toMillis($b.date & "T00:00:00.000Z") / 86400000 : 0 };
  $plain := function($b) { $exists($b.number) ? $lowercase($replace($b.number, /[^A-Za-z0-9]/, "")) : "" };
  $bills := [$distinct($append(nodes.list.bills, nodes.open.bills))];
  $numbered := [$bills[$plain($) != ""]];
  $byNumber := $count($numbered) = 0 ? {} : $numbered{vendor_id & "|" & $plain($): [$]};
  $byAmount := $count($bills) = 0 ? {} : $bills{vendor_id & "|" & $string(amount): [$]};
  $pair := function($one, $other) { {"vendor": $one.vendor, "amount": $other.amount, "currency": $exists($other.currency) ? $other.currency : "", "ids": [$one.id, $other.id], "numbers": [[$one, $other].($exists(number) ? number : id)]} };
  $pairs := function($group, $near) { ($sorted := [$group^(date, id)]; $count($sorted) < 2 ? [] : [[1..$count($sorted) - 1].($i := $; $a := $sorted[$i - 1]; $b := $sorted[$i]; $near and $day($b) - $day($a) > ${DAYS_APART} ? [] : $pair($a, $b))]) };
  $found := $append([$each($byNumber, function($group) { $pairs($group, false) })], [$each($byAmount, function($group) { $pairs($group, true) })]);
  [$distinct($reduce($found, $append, []))]
)`,
  word: `($quote := ${PLAIN}; $money := ${MONEY}; $all := [nodes.pick]; $n := $count($all); $n = 0 ? "No bill looks as if it were in the books twice." : (${COUNTED})($n, "pair of bills looks", "pairs of bills look") & " like the same one:\\n" & (${LINES})([$all.("• " & $quote(vendor) & ": " & $money(amount, currency) & ", " & $quote($join(numbers, " and ")))]))`,
  subject: 'Bills that may be in the books twice',
  permissions: ['bill.read'],
  example: {
    text: 'Every Monday at 7:30 check QuickBooks for duplicate supplier bills.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_duplicate_bills_v1',
        node: 'pick',
        scope: {
          nodes: {
            list: {
              bills: [
                sampleBill,
                { ...sampleBill, id: '202', number: 'np 778', amount: 1_300, date: '2026-12-29' },
                {
                  ...sampleBill,
                  id: '203',
                  number: 'R-10',
                  vendor: 'Old Quay',
                  vendor_id: '52',
                  amount: 900,
                  date: '2026-10-01',
                },
                {
                  ...sampleBill,
                  id: '204',
                  number: 'R-11',
                  vendor: 'Old Quay',
                  vendor_id: '52',
                  amount: 900,
                  date: '2026-11-01',
                },
                {
                  ...sampleBill,
                  id: '205',
                  number: 'R-12',
                  vendor: 'Old Quay',
                  vendor_id: '52',
                  amount: 900,
                  date: '2026-11-03',
                },
              ],
            },
          },
        },
        expect: [
          { vendor: 'Norden Paper Mills', amount: 1_300, currency: 'USD', ids: ['201', '202'], numbers: ['NP-778', 'np 778'] },
          { vendor: 'Old Quay', amount: 900, currency: 'USD', ids: ['204', '205'], numbers: ['R-11', 'R-12'] },
        ],
      },
      {
        graph: 'sg_duplicate_bills_v1',
        node: 'word',
        scope: {
          nodes: { pick: [{ vendor: 'Old Quay', amount: 900, currency: 'USD', ids: ['204', '205'], numbers: ['R-11', 'R-12'] }] },
        },
        expect: '1 pair of bills looks like the same one:\n• Old Quay: 900.00 USD, R-11 and R-12',
      },
      {
        graph: 'sg_duplicate_bills_v1',
        node: 'word',
        scope: { nodes: { pick: [] } },
        expect: 'No bill looks as if it were in the books twice.',
      },
    ],
  },
});
