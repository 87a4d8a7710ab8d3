import { COUNTED, LINES, MONEY, PLAIN, TOTALS } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';
import { NOT_INVOICES } from './words.ts';

const row = { id: '147', number: '1047', customer: 'Hillside Roofing', amount: 3_900, currency: 'USD', has_email: true };

/** Invoices that are in the books and were never sent. */
export const unsentInvoices = reportTemplates({
  id: 'unsent_invoices',
  title: 'Invoices that were not sent yet',
  object: 'invoice',
  names: ['the invoices that have not been sent yet', 'all unsent invoices'],
  needs: [
    [
      'unsent',
      'not been sent',
      'not sent',
      'never sent',
      'not yet sent',
      'not gone out',
      'never went out',
      'still to be sent',
      'lie around',
      'drafts',
      'forgotten',
    ],
  ],
  helps: ['draft*', 'yet', 'still', 'quickbooks', 'list*'],
  excludes: [...NOT_INVOICES, 'email draft*', 'reply', 'in drafts', 'remind*'],
  slots: [],
  input: {},
  reads: [
    {
      id: 'list',
      kind: 'capability',
      title: 'List open invoices',
      capability: 'quickbooks/invoice.list',
      parameters: { status: 'open', limit: 200 },
    },
  ],
  pick: '[nodes.list.invoices[$not(emailed)].{"id": id, "number": $exists(number) ? number : id, "customer": customer, "amount": balance, "currency": $exists(currency) ? currency : "", "has_email": $exists(customer_email)}]',
  word: `($quote := ${PLAIN}; $money := ${MONEY}; $all := [nodes.pick]; $n := $count($all); $n = 0 ? "Every open invoice has been sent." : (${COUNTED})($n, "invoice has", "invoices have") & " not been sent yet, " & (${TOTALS})($all) & " in all:\\n" & (${LINES})([$all.("• " & $quote(number) & ", " & $quote(customer) & ": " & $money(amount, currency) & (has_email ? "" : " (no e-mail address known)"))]))`,
  subject: 'Invoices that were not sent yet',
  // Mailing unsent invoices is sending them.
  ways: ['post', 'dm'],
  permissions: ['invoice.read'],
  example: {
    text: 'Every Thursday at 15:00 list the invoices that have not been sent yet.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_unsent_invoices_v1',
        node: 'pick',
        scope: {
          nodes: {
            list: {
              invoices: [
                {
                  id: '147',
                  number: '1047',
                  customer: 'Hillside Roofing',
                  balance: 3_900,
                  currency: 'USD',
                  emailed: false,
                  customer_email: 'a@hillside.example',
                },
                { id: '145', number: '1045', customer: 'Larkfield', balance: 10, emailed: true },
              ],
            },
          },
        },
        expect: [row],
      },
      {
        graph: 'sg_unsent_invoices_v1',
        node: 'word',
        scope: { nodes: { pick: [row, { ...row, number: '1048', has_email: false, amount: 1 }] } },
        expect:
          '2 invoices have not been sent yet, 3,901.00 USD in all:\n• 1047, Hillside Roofing: 3,900.00 USD\n• 1048, Hillside Roofing: 1.00 USD (no e-mail address known)',
      },
      {
        graph: 'sg_unsent_invoices_v1',
        node: 'word',
        scope: { nodes: { pick: [] } },
        expect: 'Every open invoice has been sent.',
      },
    ],
  },
});
