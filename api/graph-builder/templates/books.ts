import { deliveryTemplates } from './books/deliver.ts';
import { customerAnswer } from './customers/customer-answer.ts';
import { customerFromMail, customerFromRequest } from './customers/create-customers.ts';
import { missingContacts } from './customers/missing-contacts.ts';
import { invoiceAnswer, invoiceReply } from './invoicing/invoice-answer.ts';
import { invoiceFromMail } from './invoicing/invoice-from-mail.ts';
import { invoiceOnRequest } from './invoicing/invoice-on-request.ts';
import { retainerInvoices } from './invoicing/retainer-invoices.ts';
import { resendInvoice, sendCreatedInvoices, sendUnsentInvoices } from './invoicing/send-invoices.ts';
import { unsentInvoices } from './invoicing/unsent-invoices.ts';
import { billFromMail } from './payables/bill-from-mail.ts';
import { billFromMessage } from './payables/bill-from-message.ts';
import { billsDue } from './payables/bills-due.ts';
import { duplicateBills } from './payables/duplicate-bills.ts';
import { askChannelUnclear, askPersonUnclear, labelWorkedOff } from './payments/after-recording.ts';
import { failedCardPayments } from './payments/failed-card-payments.ts';
import { paymentsReceived } from './payments/payments-received.ts';
import { recordCardPayments } from './payments/record-card-payments.ts';
import { recordPayments } from './payments/record-payments.ts';
import { unmatchedPayments } from './payments/unmatched-payments.ts';
import { agedReceivables } from './receivables/aged-receivables.ts';
import { chaseOverdue } from './receivables/chase-overdue.ts';
import { customerStatements } from './receivables/customer-statements.ts';
import { openBalances } from './receivables/open-balances.ts';
import { overdueInvoices } from './receivables/overdue-invoices.ts';
import { overdueReport, overdueSummary } from './receivables/overdue-summary.ts';
import { remindCustomers } from './receivables/remind-customers.ts';
import { postExhausted, tellExhausted } from './receivables/tell-exhausted.ts';
import { thankPayers } from './receivables/thank-payers.ts';
import { cashDue } from './reports/cash-due.ts';
import { profitAndLoss } from './reports/profit-and-loss.ts';
import { profitComparison } from './reports/profit-comparison.ts';
import { weekInNumbers } from './reports/week-in-numbers.ts';
import type { SkillTemplate } from './template.ts';

/** Reports, each in four templates: looked up, posted, sent to one person, mailed. */
const reports = [
  billsDue,
  duplicateBills,
  agedReceivables,
  openBalances,
  unsentInvoices,
  paymentsReceived,
  unmatchedPayments,
  failedCardPayments,
  missingContacts,
  profitAndLoss,
  profitComparison,
  cashDue,
  weekInNumbers,
].flat();

/** Duties that change something and say what they did. */
const works = [
  billFromMail,
  billFromMessage,
  invoiceOnRequest,
  invoiceFromMail,
  retainerInvoices,
  sendCreatedInvoices,
  sendUnsentInvoices,
  resendInvoice,
  recordPayments,
  recordCardPayments,
  customerFromMail,
  customerFromRequest,
];

/** The bookkeeping half of the library. */
export const bookTemplates: SkillTemplate[] = [
  overdueInvoices,
  remindCustomers,
  chaseOverdue,
  overdueSummary,
  overdueReport,
  tellExhausted,
  postExhausted,
  customerStatements,
  thankPayers,
  ...works,
  invoiceAnswer,
  invoiceReply,
  customerAnswer,
  askPersonUnclear,
  askChannelUnclear,
  labelWorkedOff,
  ...reports,
  ...deliveryTemplates(
    [...works, ...reports].map(({ id }) => id),
    [overdueInvoices.id],
  ),
];
