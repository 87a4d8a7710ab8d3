/** What people call the bills that suppliers send to us. */
export const BILL_WORDS = [
  'bills',
  'bill',
  'supplier invoice*',
  'vendor invoice*',
  'purchase invoice*',
  'purchase ledger',
  'incoming invoice*',
  'invoices from',
  'payables',
  'creditors',
  'what we owe',
  'we owe',
];
/** What is ours to collect is no bill. */
export const NOT_BILLS = [
  'overdue invoice*',
  'owe us',
  'owes us',
  'bill the',
  'bill them',
  'bill customers',
  'bill clients',
  'profit and loss',
];
