/** New objects with the members that Stripe gives them when nothing is said. https://docs.stripe.com/api */

type Members = Record<string, unknown>;

export function newCustomer(members: Members): Members {
  return {
    name: null,
    email: null,
    phone: null,
    description: null,
    currency: null,
    balance: 0,
    delinquent: false,
    invoice_prefix: 'MILL',
    metadata: {},
    ...members,
  };
}

export function newCharge(members: Members): Members {
  return {
    amount_refunded: 0,
    refunded: false,
    disputed: false,
    captured: true,
    paid: true,
    status: 'succeeded',
    description: null,
    failure_code: null,
    payment_intent: null,
    billing_details: { email: null, name: null, phone: null, address: null },
    metadata: {},
    ...members,
  };
}

export function newInvoice(members: Members): Members {
  return {
    account_name: 'Millrace Bindery',
    auto_advance: false,
    number: null,
    status: 'draft',
    total: 0,
    subtotal: 0,
    amount_due: 0,
    amount_paid: 0,
    amount_remaining: 0,
    customer_name: null,
    customer_email: null,
    due_date: null,
    description: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    metadata: {},
    status_transitions: { finalized_at: null, paid_at: null, voided_at: null, marked_uncollectible_at: null },
    ...members,
  };
}
