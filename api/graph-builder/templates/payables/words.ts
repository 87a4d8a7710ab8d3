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
