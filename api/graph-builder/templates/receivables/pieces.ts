import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { QUOTE, text } from '../pieces.ts';

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
  ],
  edges: [{ from: 'list', to: 'pick' }],
  output: { invoices: '=[nodes.pick]', count: '=$count(nodes.pick)' },
  max_steps: 5,
};

/** Writes one reminder. A person's no leaves this customer out and the others in. */
const remindCustomerGraph: SkillGraph = {
  id: 'sg_remind_customer_v1',
  title: 'Remind one customer',
  input: {
    to: text('E-mail address of the customer'),
    invoice: { type: 'object', description: 'The invoice', required: true },
    words: { type: 'string', description: 'What is said; empty = our own words', required: false, default: '' },
  },
  nodes: [
    {
      id: 'word',
      kind: 'transform',
      title: 'Word the reminder',
      expression: `($amount := ${AMOUNT}; $i := input.invoice; $said := input.words = "" ? "our invoice " & $i.number & " over " & $amount($i) & " was due on " & $i.due_date & ". Perhaps it slipped through?" : input.words & "\\n\\nInvoice " & $i.number & ", " & $amount($i) & ", due on " & $i.due_date & "."; "Hello " & $i.customer & ",\\n\\n" & $said & "\\n\\nIf you have paid in the meantime, please ignore this message.\\n\\nKind regards")`,
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

/** Writes to the customers of the given invoices; those without an address are named, not written to. */
export const remindCustomersGraph: SkillGraph = {
  id: 'sg_remind_customers_v1',
  title: 'Remind customers of invoices',
  input: {
    ...invoicesInput,
    words: { type: 'string', description: 'What is said; empty = our own words', required: false, default: '' },
  },
  nodes: [
    {
      id: 'remind_each',
      kind: 'foreach',
      title: 'Remind each customer',
      items: '[input.invoices[customer_email != ""]]',
      body: remindCustomerGraph.id,
      input: { to: '=item.customer_email', invoice: '=item', words: '=input.words' },
      max_items: 100,
      // Each waits for a person: all questions are put at once.
      max_parallel: 20,
    },
  ],
  edges: [],
  output: {
    reminded: '=$count(nodes.remind_each[sent])',
    not_sent: '=[nodes.remind_each[$not(sent)]]',
    without_address: '=[input.invoices[$not($exists(customer_email)) or customer_email = ""].customer]',
  },
  max_steps: 5,
};

/** Words a summary of overdue invoices for a channel. */
export const wordOverdueGraph: SkillGraph = {
  id: 'sg_word_overdue_v1',
  title: 'Word the summary of overdue invoices',
  input: invoicesInput,
  nodes: [
    {
      id: 'word',
      kind: 'transform',
      title: 'Word it',
      expression: `($quote := ${QUOTE}; $amount := ${AMOUNT}; $all := [input.invoices]; $totals := $count($all) = 0 ? {} : $all{currency: $sum(balance)}; $lines := $all.("• *" & $quote(customer) & "*: " & $amount($) & ", " & days_overdue & (days_overdue = 1 ? " day" : " days") & " late (invoice " & $quote(number) & ")"); $count($all) = 0 ? "No invoice is overdue today." : $string($count($all)) & ($count($all) = 1 ? " invoice is" : " invoices are") & " overdue, " & $join([$each($totals, function($sum, $currency) { $trim($formatNumber($sum, "#,##0.00") & " " & $currency) })], " and ") & " in all:\\n" & $join([$lines[[0..49]]], "\\n") & ($count($all) > 50 ? "\\nand " & $string($count($all) - 50) & " more." : ""))`,
    },
  ],
  edges: [],
  output: { text: '=nodes.word' },
  max_steps: 5,
};

export const remindGraphs: [SkillGraph, SkillGraph] = [remindCustomersGraph, remindCustomerGraph];
