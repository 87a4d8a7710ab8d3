/** What people call the invoices that we send to customers. */
export const INVOICE_WORDS = [
  'invoice*',
  'invoicing',
  'client bill*',
  'customer bill*',
  'bill the',
  'fee note*',
  'sales invoice*',
  'billing',
];
/** Invoices that others send to us are bills. */
export const NOT_INVOICES = ['supplier*', 'vendor*', 'purchase invoice*', 'incoming invoice*'];
