import { COUNTED, LINES, PLAIN } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';

const row = { id: '9', customer: 'Old Quay', missing: ['an e-mail address', 'a telephone number'] };

/** Customers of whom the books lack an address or a telephone number. What was missing is remembered. */
export const missingContacts = reportTemplates({
  id: 'missing_contacts',
  title: 'Customers with missing contact data',
  object: 'customer',
  names: ['clients whose contact details are missing', 'customers without contact data', 'incomplete customer records'],
  needs: [
    ['customer*', 'client*', 'donor*', 'patient*', 'member*', 'account*', 'contact*'],
    ['missing', 'incomplete', 'without', 'no email', 'no e-mail', 'no phone', 'lack*', 'gaps', 'empty'],
    ['email*', 'e-mail*', 'phone*', 'contact*', 'address*', 'details', 'record*', 'data', 'number*'],
  ],
  helps: ['missing', 'customer*', 'contact*', 'quickbooks', 'records'],
  excludes: ['without asking', 'invoice*', 'remind*', 'create*'],
  slots: [],
  input: {},
  reads: [
    {
      id: 'list',
      kind: 'capability',
      title: 'List the customers',
      capability: 'quickbooks/customer.list',
      parameters: { limit: 200 },
    },
  ],
  pick: '[nodes.list.customers[$not($exists(email)) or $not($exists(phone))].{"id": id, "customer": name, "missing": [$exists(email) ? [] : "an e-mail address", $exists(phone) ? [] : "a telephone number"]}]',
  word: `($quote := ${PLAIN}; $all := [nodes.pick]; $n := $count($all); $n = 0 ? "Every customer has an e-mail address and a telephone number." : (${COUNTED})($n, "customer lacks", "customers lack") & " contact data:\\n" & (${LINES})([$all.("• " & $quote(customer) & ": " & $join(missing, " and "))]))`,
  subject: 'Customers with missing contact data',
  remember: [
    {
      scope: 'organisation',
      kind: 'contact',
      for_each: '[nodes.pick[[0..19]]]',
      key: "='customer.' & $lowercase(item.customer) & '.missing'",
      value: '=item.missing',
      confidence: 0.9,
      expires_in_days: 90,
    },
  ],
  permissions: ['customer.read'],
  example: {
    text: 'On the 1st of every month look up customers without contact data.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_missing_contacts_v1',
        node: 'pick',
        scope: {
          nodes: {
            list: {
              customers: [
                { id: '9', name: 'Old Quay', balance: 0 },
                { id: '1', name: 'Hillside', email: 'a@b.example', phone: '1' },
              ],
            },
          },
        },
        expect: [row],
      },
      {
        graph: 'sg_missing_contacts_v1',
        node: 'word',
        scope: { nodes: { pick: [row] } },
        expect: '1 customer lacks contact data:\n• Old Quay: an e-mail address and a telephone number',
      },
      {
        graph: 'sg_missing_contacts_v1',
        node: 'word',
        scope: { nodes: { pick: [] } },
        expect: 'Every customer has an e-mail address and a telephone number.',
      },
    ],
  },
});
