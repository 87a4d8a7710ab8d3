import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { LINES, PLAIN } from '../books/texts.ts';
import { text } from '../pieces.ts';

/** An invoice as `invoice.list` gives it, for worked examples. */
export const sampleOverdue = {
  id: '1',
  number: '1042',
  customer: 'Lockhart & Sons',
  customer_email: 'ap@lockhart.example',
  balance: 1_200,
  currency: 'EUR',
  due_date: '2026-10-01',
  days_overdue: 20,
};

const overdueInput: SkillGraph['input'] = {
  min_balance: { type: 'number', description: 'Only invoices with more than this left to pay', required: false, default: 0 },
  min_days: { type: 'number', description: 'Only invoices at least this many days late', required: false, default: 1 },
};
const invoicesInput: SkillGraph['input'] = {
  invoices: { type: 'array', description: 'Overdue invoices, as invoice.list gives them', required: true },
};

/** An amount as people write it. */
const AMOUNT = 'function($i) { $trim($formatNumber($i.balance, "#,##0.00") & " " & $i.currency) }';

/** Words a summary of overdue invoices for people. */
export const wordOverdueGraph: SkillGraph = {
  id: 'sg_word_overdue_v1',
  title: 'Word the summary of overdue invoices',
  input: invoicesInput,
  nodes: [
    {
      id: 'word',
      kind: 'transform',
      title: 'Word it',
      expression: `($plain := ${PLAIN}; $amount := ${AMOUNT}; $all := [input.invoices]; $totals := $count($all) = 0 ? {} : $all{currency: $sum(balance)}; $count($all) = 0 ? "No invoice is overdue today." : $string($count($all)) & ($count($all) = 1 ? " invoice is" : " invoices are") & " overdue, " & $join([$each($totals, function($sum, $currency) { $trim($formatNumber($sum, "#,##0.00") & " " & $currency) })], " and ") & " in all:\\n" & (${LINES})([$all.("• " & $plain(customer) & ": " & $amount($) & ", " & days_overdue & (days_overdue = 1 ? " day" : " days") & " late (invoice " & $plain(number) & ")")]))`,
    },
  ],
  edges: [],
  output: { text: '=nodes.word' },
  max_steps: 5,
};

/** Reads the overdue invoices, largest first. */
export const findOverdueGraph: SkillGraph = {
  id: 'sg_find_overdue_v1',
  title: 'Find overdue invoices',
  input: overdueInput,
  nodes: [
    {
      id: 'list',
      kind: 'capability',
      title: 'List what is overdue',
      capability: 'quickbooks/invoice.list',
      parameters: { status: 'overdue', limit: 200 },
    },
    {
      id: 'pick',
      kind: 'transform',
      title: 'Keep those that are meant, largest first',
      // Only what later skills need, since it stands in history.
      expression:
        '[nodes.list.invoices[balance > $$.input.min_balance and days_overdue >= $$.input.min_days]^(>balance).{"id": id, "number": $exists(number) ? number : id, "customer": customer, "customer_email": customer_email, "balance": balance, "currency": $exists(currency) ? currency : "", "due_date": due_date, "days_overdue": days_overdue}]',
    },
    { id: 'word', kind: 'graph', title: 'Word it', graph: 'sg_word_overdue_v1', input: { invoices: '=[nodes.pick]' } },
  ],
  edges: [
    { from: 'list', to: 'pick' },
    { from: 'pick', to: 'word' },
  ],
  output: { invoices: '=[nodes.pick]', count: '=$count(nodes.pick)', text: '=nodes.word.text', subject: 'Overdue invoices' },
  max_steps: 5,
};

/**
 * Writes one reminder, the later the firmer. A person's no leaves this customer out and the others in.
 */
const remindCustomerGraph: SkillGraph = {
  id: 'sg_remind_customer_v1',
  title: 'Remind one customer',
  input: {
    to: text('E-mail address of the customer'),
    invoice: { type: 'object', description: 'The invoice', required: true },
    words: { type: 'string', description: 'What is said; empty = our own words', required: false, default: '' },
    earlier: { type: 'number', description: 'How often this customer was reminded of it before', required: false, default: 0 },
    tone: { type: 'string', description: 'friendly or firm', required: false, default: 'friendly' },
  },
  nodes: [
    {
      id: 'word',
      kind: 'transform',
      title: 'Word the reminder',
      expression: `($amount := ${AMOUNT}; $i := input.invoice; $step := $max([0, input.earlier]) + (input.tone = "firm" ? 1 : 0); $asks := $step = 0 ? "Perhaps it slipped through?" : $step = 1 ? "We have not received your payment yet. Please pay within the next seven days, or tell us what is in the way." : "This is our last reminder. Please pay at once, or get in touch with us today."; $said := input.words = "" ? "our invoice " & $i.number & " over " & $amount($i) & " was due on " & $i.due_date & ". " & $asks : input.words & "\\n\\nInvoice " & $i.number & ", " & $amount($i) & ", due on " & $i.due_date & "."; "Hello " & $i.customer & ",\\n\\n" & $said & "\\n\\nIf you have paid in the meantime, please ignore this message.\\n\\nKind regards")`,
    },
    {
      id: 'send',
      kind: 'capability',
      title: 'Send the reminder',
      capability: 'gmail/email.send',
      parameters: {
        to: '=input.to',
        subject: '="Reminder: invoice " & input.invoice.number & ", due on " & input.invoice.due_date',
        body: '=nodes.word',
      },
      on_refused: 'continue',
    },
  ],
  edges: [{ from: 'word', to: 'send' }],
  output: {
    number: '=input.invoice.number',
    customer: '=input.invoice.customer',
    sent: '=$not($exists(nodes.send.refused))',
    reason: '=$exists(nodes.send.refused) ? nodes.send.refused.message : ""',
  },
  max_steps: 5,
};

/** How often each invoice was reminded of: what the skill remembers of its earlier runs. */
const EARLIER = 'function($number) { ($n := $lookup(memory.values.reminders, $number); $exists($n) ? $n : 0) }';

/** What else skills that write reminders take. */
export const remindInput: SkillGraph['input'] = {
  words: { type: 'string', description: 'What is said; empty = our own words', required: false, default: '' },
  tone: { type: 'string', description: 'friendly or firm', required: false, default: 'friendly' },
  max_reminders: {
    type: 'number',
    description: 'Reminders of one invoice at most; 0 = as many as there are runs',
    required: false,
    default: 0,
  },
};
export const remindArguments = { words: '=input.words', tone: '=input.tone', max_reminders: '=input.max_reminders' };

/**
 * Writes to the customers of the given invoices. Those without an address are named, not written to; so are those who
 * have had as many reminders as there may be.
 */
export const remindCustomersGraph: SkillGraph = {
  id: 'sg_remind_customers_v1',
  title: 'Remind customers of invoices',
  input: { ...invoicesInput, ...remindInput },
  nodes: [
    {
      id: 'choose',
      kind: 'transform',
      title: 'Choose whom to write to',
      expression: `($earlier := ${EARLIER}; [input.invoices.($merge([$, {"earlier": $earlier(number), "is_enough": $$.input.max_reminders > 0 and $earlier(number) >= $$.input.max_reminders}]))])`,
    },
    {
      id: 'remind_each',
      kind: 'foreach',
      title: 'Remind each customer',
      items: '[nodes.choose[customer_email != "" and $not(is_enough)]]',
      body: remindCustomerGraph.id,
      input: {
        to: '=item.customer_email',
        invoice: '=item',
        words: '=input.words',
        earlier: '=item.earlier',
        tone: '=input.tone',
      },
      max_items: 100,
      // Each waits for a person: all questions are put at once.
      max_parallel: 20,
    },
  ],
  edges: [{ from: 'choose', to: 'remind_each' }],
  output: {
    reminded: '=$count(nodes.remind_each[sent])',
    not_sent: '=[nodes.remind_each[$not(sent)]]',
    without_address: '=[input.invoices[$not($exists(customer_email)) or customer_email = ""].customer]',
    exhausted:
      '=[nodes.choose[is_enough].{"number": number, "customer": customer, "balance": balance, "currency": currency, "days_overdue": days_overdue}]',
  },
  remember: [
    // Only of invoices that are still overdue, so that it never grows.
    {
      scope: 'skill',
      kind: 'state',
      key: 'reminders',
      value:
        '=($rows := [nodes.choose.($n := number; $sent := $count($$.nodes.remind_each[sent and number = $n]); earlier + $sent > 0 ? {"number": $n, "count": earlier + $sent} : [])]; $merge([$rows[[0..149]].{number: count}]))',
      confidence: 1,
    },
    {
      scope: 'organisation',
      kind: 'contact',
      for_each: '[$distinct(input.invoices[$not($exists(customer_email)) or customer_email = ""].customer)[[0..19]]]',
      key: "='customer.' & $lowercase(item) & '.email'",
      value: 'no e-mail address is known: a reminder could not be sent',
      expires_in_days: 90,
    },
  ],
  max_steps: 5,
};

export const findOverdueGraphs: [SkillGraph, SkillGraph] = [findOverdueGraph, wordOverdueGraph];
export const remindGraphs: [SkillGraph, SkillGraph] = [remindCustomersGraph, remindCustomerGraph];
