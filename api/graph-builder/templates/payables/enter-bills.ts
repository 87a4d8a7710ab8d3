import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { requestsInput, sampleRequest } from '../books/requests.ts';
import { AMOUNTS_IN, COUNTED, MONEY, NAMED, PLAIN } from '../books/texts.ts';
import { call, compute, forEach, inOrder, required, within } from '../nodes.ts';
import type { TemplateExample, TemplateSlot } from '../template.ts';
import { sampleBill } from './bills-due.ts';

export const accountSlot: TemplateSlot = {
  name: 'account',
  kind: 'text',
  required: false,
  default: 'Uncategorized Expense',
  question: 'To which expense account are these bills booked? Put its name in quotation marks.',
  asksWhenDefault: true,
};
export const accountInput: SkillGraph['input'] = { account: required('string', 'Expense account that bills are booked to') };

/**
 * What a text says of a bill. The supplier is one whose bills are in the books; the amount is the one that is called the
 * total, or the only one. Nothing is guessed: what does not stand there is named in `missing`.
 */
const READ_BILL = `(
  $s := input.source;
  $text := $s.subject & "\\n" & $s.text;
  $low := $lowercase($text);
  $found := (${NAMED})([$distinct(input.vendors).{"name": $}], $text & " " & $s.from_name);
  $amounts := (${AMOUNTS_IN})($text);
  $called := [$amounts[($from := at > 30 ? at - 30 : 0; $contains($lowercase($substring($text, $from, at - $from)), /(^|[^a-z])(total|amount due|balance due|amount payable|to pay|please pay|sum due)/))]];
  $amount := $count($called) > 0 ? $called[-1] : $count($distinct($amounts.amount)) = 1 ? $amounts[0];
  $number := $match($text, /(?:invoice|bill|inv|no|nr|number)\\.?\\s*(?:no|nr|number)?\\.?\\s*[:#]?\\s*([A-Z]{0,6}[-\\/]?[0-9][A-Z0-9\\/-]{1,18})/i)[0].groups[0];
  $due := $match($text, /(?:due|pay by|payable|payment)[^0-9\\n]{0,25}([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2} [A-Z][a-z]{2,8} [0-9]{4})/i)[0].groups[0];
  $day := $exists($due) ? ($contains($due, "-") ? $due : $fromMillis($toMillis($due, "[D1] [MNn] [Y0001]"), "[Y0001]-[M01]-[D01]"));
  $vendor := $count($found) = 1 ? $found[0].name;
  {
    "is_bill": $contains($low, /invoice|bill|amount due|statement/) or $exists($amount),
    "vendor": $vendor,
    "amount": $amount.amount,
    "currency": $amount.currency,
    "number": $exists($number) ? $substring($number, 0, 21),
    "due_date": $day,
    "missing": [$exists($vendor) ? [] : "a supplier that is in the books", $exists($amount) ? [] : "one total with its currency"]
  }
)`;

/** The same number of the same supplier; where one has none, the same amount due on the same day. */
const IS_KNOWN = `(
  $plain := function($n) { $lowercase($replace($n, /[^A-Za-z0-9]/, "")) };
  $r := nodes.read;
  $count(nodes.own.bills[$exists($r.number) and $exists(number) ? $plain(number) = $plain($r.number) : amount = $r.amount and due_date = $r.due_date]) > 0
)`;

const enterBillGraph: SkillGraph = {
  id: 'sg_enter_bill_v1',
  title: 'Enter one bill',
  input: { source: required('object', 'What was written'), vendors: required('array', 'Names of suppliers'), ...accountInput },
  nodes: [
    compute('read', 'Read the bill', READ_BILL),
    { id: 'clear', kind: 'branch', title: 'Is it clear?', expression: '$count(nodes.read.missing) > 0 ? "no" : "yes"' },
    compute('leave', 'Leave it', 'nodes.read.is_bill ? "unclear" : "other"'),
    call('own', "List the supplier's bills", 'quickbooks/bill.list', { vendor: '=nodes.read.vendor', status: 'all', limit: 200 }),
    { id: 'known', kind: 'branch', title: 'Is it in the books?', expression: `${IS_KNOWN} ? "yes" : "no"` },
    compute('skip', 'Leave it as it is', '"known"'),
    {
      id: 'enter',
      kind: 'capability',
      title: 'Enter it',
      capability: 'quickbooks/bill.create',
      parameters: {
        vendor: '=nodes.read.vendor',
        currency: '=nodes.read.currency',
        lines: [
          {
            account: '=input.account',
            amount: '=nodes.read.amount',
            description: `=(${PLAIN})(input.source.subject = "" ? input.source.text : input.source.subject)`,
          },
        ],
        number: '=nodes.read.number',
        due_date: '=nodes.read.due_date',
      },
      on_refused: 'continue',
    },
  ],
  edges: [
    { from: 'read', to: 'clear' },
    { from: 'clear', to: 'own', when: 'yes' },
    { from: 'clear', to: 'leave', when: 'otherwise' },
    { from: 'own', to: 'known' },
    { from: 'known', to: 'skip', when: 'yes' },
    { from: 'known', to: 'enter', when: 'otherwise' },
  ],
  output: {
    outcome:
      '=$exists(nodes.leave) ? nodes.leave : $exists(nodes.skip) ? nodes.skip : $exists(nodes.enter.refused) ? "refused" : "entered"',
    source: '=input.source.id',
    what: `=(${PLAIN})($exists(nodes.read.vendor) ? nodes.read.vendor : input.source.from_name & " " & input.source.subject)`,
    amount: `=$exists(nodes.read.amount) ? (${MONEY})(nodes.read.amount, nodes.read.currency) : ""`,
    why: '=$exists(nodes.enter.refused) ? nodes.enter.refused.message : $join(nodes.read.missing, " and ")',
  },
  max_steps: 10,
};

/** Enters bills that suppliers sent; those in the books already and those that are not clear are named. */
const enterBillsGraph: SkillGraph = {
  id: 'sg_enter_bills_v1',
  title: 'Enter bills',
  input: { ...requestsInput, ...accountInput },
  ...inOrder([
    call('bills', 'List the bills in the books', 'quickbooks/bill.list', { status: 'all', limit: 200 }),
    call('open', 'List the open ones', 'quickbooks/bill.list', { status: 'open', limit: 200 }),
    forEach('enter_each', 'Enter each', '[input.requests]', enterBillGraph, {
      source: '=item',
      vendors: '=[$distinct($append(nodes.bills.bills.vendor, nodes.open.bills.vendor))]',
      account: '=input.account',
    }),
    compute(
      'word',
      'Say what was done',
      `($all := [nodes.enter_each]; $of := function($outcome) { [$all[outcome = $outcome]] }; $some := function($rows, $one, $many) { $count($rows) = 0 ? [] : (${COUNTED})($count($rows), $one, $many) & ": " & $join([$rows.(what & (amount = "" ? "" : ", " & amount) & (why = "" ? "" : " (" & why & ")"))], "; ") }; $parts := $append($append($some($of("entered"), "bill was entered", "bills were entered"), $some($of("known"), "bill was in the books already", "bills were in the books already")), $append($some($of("unclear"), "bill is not clear", "bills are not clear"), $some($of("refused"), "bill was not entered", "bills were not entered"))); $count($parts) = 0 ? "No new bill came in." : $join($parts, ".\\n") & ".")`,
    ),
  ]),
  output: {
    text: '=nodes.word',
    subject: 'Supplier bills that came in',
    count: '=$count(nodes.enter_each[outcome = "entered"])',
    unclear: '=[nodes.enter_each[outcome = "unclear" or outcome = "refused"]]',
    mails: '=[nodes.enter_each[outcome = "entered"].source]',
  },
  max_steps: 10,
};

export const enterBills = (requests: string) =>
  within('enter', 'Enter the bills', enterBillsGraph, { requests, account: '=input.account' });
export const enterBillsGraphs = [enterBillsGraph, enterBillGraph];
/** What a skill that enters bills hands on. */
export const enteredOutput = Object.fromEntries(
  Object.keys(enterBillsGraph.output as object).map((name) => [name, `=nodes.enter.${name}`]),
);

const read = {
  is_bill: true,
  vendor: 'Norden Paper Mills',
  amount: 1_240,
  currency: 'USD',
  number: 'NP-901',
  due_date: '2026-12-12',
  missing: [],
};
const readCase = (source: object, expect: object): TemplateExample['evaluate'][number] => ({
  graph: 'sg_enter_bill_v1',
  node: 'read',
  scope: { input: { source: { ...sampleRequest, ...source }, vendors: [sampleBill.vendor, 'Bright Adhesives'] } },
  expect: JSON.parse(JSON.stringify(expect)),
});
/** How bills are read, on sample texts. */
export const evaluateBills: TemplateExample['evaluate'] = [
  readCase({}, read),
  readCase(
    { text: 'Invoice np 778 over 1.240,00 USD', subject: '' },
    { ...read, number: undefined, due_date: undefined, missing: [] },
  ),
  readCase({ text: 'Invoice NP-778, $1,240, due 2026-12-12', subject: '' }, { ...read, number: 'NP-778' }),
  readCase(
    { text: 'First 10.00 USD, then 20.00 USD', subject: 'Hi', from_name: 'Somebody' },
    { is_bill: false, missing: ['a supplier that is in the books', 'one total with its currency'] },
  ),
];
