export interface Attachment {
  filename: string;
  mimeType: string;
  bytes: number;
}

export interface SeedMail {
  from: string;
  subject: string;
  text: string;
  minutesAgo: number;
  html?: string;
  attachments?: Attachment[];
  /** Message-ID of an earlier mail, whose thread this one is in. */
  answers?: string;
}

export const LABELS = ['Handled', 'Invoices', 'Invoices/Open'];

/** What lies in a new mailbox, oldest first. */
export const MAILS: readonly SeedMail[] = [
  {
    from: 'Rosa Lind <rosa@harbourcafe.example>',
    subject: 'Invoice 1041',
    text: 'Hello,\n\nwhich account shall we pay invoice 1041 to?\n\nRosa Lind\nHarbour Café',
    minutesAgo: 2_900,
    attachments: [{ filename: 'invoice-1041.pdf', mimeType: 'application/pdf', bytes: 48_213 }],
  },
  {
    from: '"Tomas Veld (Veld & Sons)" <tomas@veldsons.example>',
    subject: 'Bücher für die Messe',
    text: 'Good morning,\n\ncan you bind 400 more catalogues by the 20th?\n\nTomas',
    minutesAgo: 1_500,
  },
  {
    from: 'Rosa Lind <rosa@harbourcafe.example>',
    subject: 'Re: Invoice 1041',
    text: 'We found it, thank you. The money is on its way.',
    minutesAgo: 180,
    answers: '<seed-2900@harbourcafe.example>',
  },
  {
    from: 'Paper Weekly <news@paperweekly.example>',
    subject: 'Prices of board rise again',
    text: '',
    html: '<html><head><style>p{color:red}</style></head><body><p>Board is up <b>4&nbsp;%</b>.</p><p>Read &amp; decide.</p></body></html>',
    minutesAgo: 40,
  },
];
