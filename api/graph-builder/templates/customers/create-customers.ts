import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { fromAsked, fromMail, readNewMailsGraphs, requestsInput } from '../books/requests.ts';
import { COUNTED, PLAIN } from '../books/texts.ts';
import { aboutSlot, mailInput, onMail, sinceSlot } from '../mail/pieces.ts';
import { call, compute, forEach, inOrder, required, within } from '../nodes.ts';
import type { SkillTemplate, TemplateExample } from '../template.ts';

/**
 * What a form or a message says of a customer: lines such as `Name: …`, `Phone: …`; else the words before the first comma
 * ("add Brook Farm, office@brook.example"). Nothing is guessed: without a name there is no customer.
 */
const READ_CUSTOMER = `(
  $text := input.request.text;
  $line := function($names) { $trim($match("\\n" & $text, $names)[0].groups[0]) };
  $cut := function($t, $n) { $exists($t) and $t != "" ? $substring($t, 0, $n) };
  $mail := $match($text, /[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+/)[0].match;
  $phone := $match($text, /(?:\\+|\\(|0)[0-9 ()\\/.-]{6,24}[0-9]/)[0].match;
  $labelled := $line(/\\n[ *-]*(?:name|full name|customer|client|customer name|company name|company|organi[sz]ation) *[:=] *([^\\n]{2,120})/i);
  $spoken := $trim($replace($match($text, /(?:customer|client|donor|member|add|create|new|is|:)\\s+(?:is\\s+|named\\s+|called\\s+|customer\\s+|client\\s+|:\\s*)*([A-Z][^,;\\n:]{1,80})[,;]/)[0].groups[0], /[.\\s]+$/, ""));
  $name := $exists($labelled) and $labelled != "" ? $labelled : $spoken;
  $company := $line(/\\n[ *-]*(?:company|organi[sz]ation|firm) *[:=] *([^\\n]{2,100})/i);
  $address := $line(/\\n[ *-]*(?:address|street) *[:=] *([^\\n]{4,100})/i);
  {
    "name": $cut($replace($name, /[:\\t]/, " "), 100),
    "email": $cut($mail, 100),
    "phone": $cut($trim($phone), 30),
    "company": $company != $name ? $cut($company, 100),
    "address": $cut($address, 100),
    "is_request": $exists($name) and $name != "" or $contains($lowercase($text), /customer|client|donor|member/)
  }
)`;

const createCustomerGraph: SkillGraph = {
  id: 'sg_create_customer_v1',
  title: 'Create one customer',
  input: { request: required('object', 'What was written') },
  nodes: [
    compute('read', 'Read who it is', READ_CUSTOMER),
    { id: 'clear', kind: 'branch', title: 'Is there a name?', expression: '$exists(nodes.read.name) ? "yes" : "no"' },
    compute('leave', 'Leave it', 'true'),
    call('named', 'Look for the name', 'quickbooks/customer.list', { query: '=nodes.read.name', limit: 50 }),
    call('addressed', 'Look for the address', 'quickbooks/customer.list', {
      query: '=$exists(nodes.read.email) ? nodes.read.email : nodes.read.name',
      limit: 50,
    }),
    {
      id: 'there',
      kind: 'branch',
      title: 'Is it in the books?',
      expression:
        '($r := nodes.read; $count(nodes.named.customers[$lowercase(name) = $lowercase($r.name)]) > 0 or ($exists($r.email) and $count(nodes.addressed.customers[$lowercase(email) = $lowercase($r.email)]) > 0) ? "yes" : "no")',
    },
    compute('skip', 'Leave it as it is', 'true'),
    {
      id: 'create',
      kind: 'capability',
      title: 'Create it',
      capability: 'quickbooks/customer.create',
      parameters: {
        name: '=nodes.read.name',
        email: '=nodes.read.email',
        phone: '=nodes.read.phone',
        company: '=nodes.read.company',
        address: '=nodes.read.address',
      },
      on_refused: 'continue',
    },
  ],
  edges: [
    { from: 'read', to: 'clear' },
    { from: 'clear', to: 'named', when: 'yes' },
    { from: 'clear', to: 'leave', when: 'otherwise' },
    { from: 'named', to: 'addressed' },
    { from: 'addressed', to: 'there' },
    { from: 'there', to: 'skip', when: 'yes' },
    { from: 'there', to: 'create', when: 'otherwise' },
  ],
  output: {
    outcome:
      '=$exists(nodes.leave) ? (nodes.read.is_request ? "unclear" : "other") : $exists(nodes.skip) ? "known" : $exists(nodes.create.refused) ? "refused" : "created"',
    source: '=input.request.id',
    what: `=(${PLAIN})($exists(nodes.read.name) ? nodes.read.name : input.request.subject & " " & input.request.text)`,
    without_email: '=$not($exists(nodes.read.email))',
    why: '=$exists(nodes.create.refused) ? nodes.create.refused.message : $exists(nodes.leave) ? "no name is given" : ""',
  },
  max_steps: 15,
};

const createCustomersGraph: SkillGraph = {
  id: 'sg_create_customers_v1',
  title: 'Create customers',
  input: requestsInput,
  ...inOrder([
    forEach('create_each', 'Create each', '[input.requests]', createCustomerGraph, { request: '=item' }),
    compute(
      'word',
      'Say what was done',
      `($all := [nodes.create_each]; $of := function($o) { [$all[outcome = $o]] }; (${COUNTED})($count($of("created")), "customer was created", "customers were created") & ($count($of("created")) = 0 ? "" : ": " & $join($of("created").what, ", ")) & "." & ($count($of("known")) = 0 ? "" : " In the books already: " & $join($of("known").what, ", ") & "."))`,
    ),
  ]),
  output: {
    text: '=nodes.word',
    subject: 'Customers that were created',
    count: '=$count(nodes.create_each[outcome = "created"])',
    unclear: '=[nodes.create_each[outcome = "unclear" or outcome = "refused"]]',
    mails: '=[nodes.create_each[outcome = "created" or outcome = "known"].source]',
  },
  // Whoever writes to customers later knows why this one was left out.
  remember: [
    {
      scope: 'organisation',
      kind: 'contact',
      for_each: '[nodes.create_each[outcome = "created" and without_email][[0..19]]]',
      key: "='customer.' & $lowercase(item.what) & '.email'",
      value: 'no e-mail address was given when the record was made',
      expires_in_days: 180,
    },
  ],
  max_steps: 10,
};

const output = Object.fromEntries(
  Object.keys(createCustomersGraph.output as object).map((name) => [name, `=nodes.create.${name}`]),
);
const create = (requests: string) => within('create', 'Create them', createCustomersGraph, { requests });
const form = {
  id: 'm1',
  subject: 'New enquiry',
  text: 'Name: Brook Farm\nCompany: Brook Farm Ltd\nEmail: office@brook.example\nPhone: (555) 010-7788\nAddress: 4 Mill Lane',
  from: '',
  from_name: '',
};
const readCase = (text: string, expect: TemplateExample['evaluate'][number]['expect']): TemplateExample['evaluate'][number] => ({
  graph: createCustomerGraph.id,
  node: 'read',
  scope: { input: { request: { ...form, text } } },
  expect,
});
const evaluate: TemplateExample['evaluate'] = [
  readCase(form.text, {
    name: 'Brook Farm',
    email: 'office@brook.example',
    phone: '(555) 010-7788',
    company: 'Brook Farm Ltd',
    address: '4 Mill Lane',
    is_request: true,
  }),
  readCase('Please add the customer Brook Farm, office@brook.example', {
    name: 'Brook Farm',
    email: 'office@brook.example',
    is_request: true,
  }),
  readCase('Lunch at noon?', { is_request: false }),
];
const common = {
  does: [{ action: 'create', object: 'customer' }],
  allows: [],
} satisfies Partial<SkillTemplate>;

/** Creates customers out of contact forms and mails, unless they are there. */
export const customerFromMail: SkillTemplate = {
  ...common,
  id: 'customer_from_mail',
  title: 'Create customers from mail',
  asks: [
    'when a contact form arrives by email, create the customer unless the books have it',
    'enter the customers of sign-up mails in QuickBooks',
  ],
  needs: [],
  helps: ['form*', 'new', 'email*', 'quickbooks', 'unless', 'already'],
  excludes: ['remind*', 'overdue', 'invoice*', 'label*', 'answer*', 'reply', 'statement*', 'thank*', 'supplier*', 'vendor*'],
  event: onMail,
  slots: [sinceSlot, aboutSlot],
  graphs: [
    {
      id: 'sg_customer_from_mail_v1',
      title: 'Create customers from mail',
      input: mailInput,
      ...inOrder([fromMail, create('=[nodes.mails.mails]')]),
      output,
      max_steps: 10,
    },
    createCustomersGraph,
    createCustomerGraph,
    ...readNewMailsGraphs,
  ],
  permissions: ['email.read', 'customer.read', 'customer.write'],
  example: {
    text: 'When a contact form arrives by email, create the customer unless the books have it.',
    slots: {},
    evaluate,
  },
};

/** Creates customers that people name in Slack or by a command, unless they are there. */
export const customerFromRequest: SkillTemplate = {
  ...common,
  id: 'customer_from_request',
  title: 'Create customers on request',
  asks: [
    'add a customer to QuickBooks when I ask',
    'if the client is not in the books yet, create the client',
    'when somebody posts a new customer in #sales, add them in QuickBooks',
    'set up new clients in the books',
  ],
  needs: [],
  helps: ['new', 'quickbooks', 'books', 'yet', 'ask', 'not there'],
  excludes: [
    'remind*',
    'overdue',
    'invoice*',
    'statement*',
    'thank*',
    'label*',
    'answer*',
    'add up',
    'supplier*',
    'vendor*',
    'email list',
    'open balance*',
    'open amount*',
    'newsletter*',
  ],
  slots: [],
  graphs: [
    {
      id: 'sg_customer_from_request_v1',
      title: 'Create customers on request',
      input: {},
      ...inOrder([fromAsked, create('=[nodes.asked]')]),
      output,
      max_steps: 10,
    },
    createCustomersGraph,
    createCustomerGraph,
  ],
  permissions: ['customer.read', 'customer.write'],
  example: { text: 'When I ask, add a customer to QuickBooks.', slots: {}, evaluate },
};
