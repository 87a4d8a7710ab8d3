/** What people call money that came in. */
export const PAYMENT_WORDS = [
  'payment*',
  'paid',
  'donation*',
  'gift*',
  'transfer*',
  'receipts',
  'money in',
  'money that came in',
  'takings',
  'deposit*',
  'incoming money',
];
