/** What people call their post. */
export const MAIL_WORDS = [
  'email*',
  'e-mail*',
  'mail',
  'mails',
  'mailed',
  'mailbox*',
  'inbox*',
  'gmail',
  'correspondence',
  'inquir*',
  'enquir*',
  'newsletter*',
];
