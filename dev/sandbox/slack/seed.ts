/** The invented company every workspace of the sandbox starts as. Ids are the same in every workspace. */
export interface SeedPerson {
  id: string;
  name: string;
  realName: string;
  title: string;
  tz: string;
}

interface SeedMessage {
  user: string;
  text: string;
  /** How long before the workspace was made it was written. */
  minutesAgo: number;
  reactions?: Array<{ name: string; users: string[] }>;
  replies?: Array<{ user: string; text: string; minutesAgo: number }>;
}

export interface SeedChannel {
  id: string;
  name: string;
  topic: string;
  kind?: 'private';
  isArchived?: boolean;
  /** Whether the app's bot was invited. */
  hasBot: boolean;
  messages: SeedMessage[];
}

export const APP = { appId: 'A0CLANCY01', botId: 'B0CLANCY01', botUserId: 'U0CLANCY01', botName: 'clancy' } as const;
/** The person who clicks Allow, and whom a user token acts for. */
export const INSTALLER = 'U0PIOTR001';
export const EMAIL_DOMAIN = 'millrace.example';

export const PEOPLE: readonly SeedPerson[] = [
  { id: 'U0PIOTR001', name: 'piotr', realName: 'Piotr Nowak', title: 'Managing director', tz: 'Europe/Warsaw' },
  { id: 'U0DANA0001', name: 'dana', realName: 'Dana Weiss', title: 'Head of finance', tz: 'Europe/Berlin' },
  { id: 'U0AMARA001', name: 'amara', realName: 'Amara Okafor', title: 'Customer support', tz: 'Europe/London' },
  { id: 'U0LUIS0001', name: 'luis', realName: 'Luis Ferreira', title: 'Workshop lead', tz: 'Europe/Lisbon' },
  { id: 'U0JUNE0001', name: 'june', realName: 'June Park', title: 'Operations', tz: 'America/Chicago' },
];

const DAY = 24 * 60;

export const CHANNELS: readonly SeedChannel[] = [
  {
    id: 'C0GENERAL1',
    name: 'general',
    topic: 'Company-wide announcements and work-based matters',
    hasBot: true,
    messages: [
      {
        user: 'U0PIOTR001',
        text: 'Morning all. The new lathe arrives on Thursday, please keep bay 2 free.',
        minutesAgo: 2 * DAY,
      },
      { user: 'U0JUNE0001', text: 'Office is closed on Monday, phones are forwarded to me.', minutesAgo: 300 },
    ],
  },
  {
    id: 'C0BILLING1',
    name: 'billing',
    topic: 'Questions about invoices',
    hasBot: true,
    messages: [
      {
        user: 'U0AMARA001',
        text: 'Hillside Roofing asks whether invoice 1042 was already paid?',
        minutesAgo: DAY,
        replies: [{ user: 'U0DANA0001', text: 'Half of it, the rest is due on Friday.', minutesAgo: DAY - 25 }],
      },
      { user: 'U0LUIS0001', text: 'Which address goes on the invoice for Marsh & Sons?', minutesAgo: 190 },
    ],
  },
  {
    id: 'C0FINANCE1',
    name: 'finance',
    topic: 'Month end, cash and reports',
    hasBot: true,
    messages: [
      { user: 'U0DANA0001', text: 'October is closed. Receivables over 60 days went down to 11,400.', minutesAgo: 3 * DAY },
      { user: 'U0PIOTR001', text: 'Good. Can we see the five biggest open amounts each week?', minutesAgo: 3 * DAY - 40 },
    ],
  },
  {
    id: 'C0SUPPORT1',
    name: 'support',
    topic: 'Customers who need us',
    hasBot: true,
    messages: [
      { user: 'U0AMARA001', text: 'Three callers today about the delayed oak delivery. I told them the 28th.', minutesAgo: 420 },
      { user: 'U0AMARA001', text: 'The portal shows an error on upload for one customer, ticket 733.', minutesAgo: 95 },
    ],
  },
  {
    id: 'C0QUESTION',
    name: 'questions',
    topic: 'Ask anything',
    hasBot: true,
    messages: [
      {
        user: 'U0LUIS0001',
        text: 'What glue do you use for vellum spines? Mine keeps lifting.',
        minutesAgo: 4 * DAY,
        reactions: [{ name: 'eyes', users: ['U0JUNE0001', 'U0AMARA001'] }],
        replies: [
          { user: 'U0JUNE0001', text: 'Wheat paste first, then a thin layer of PVA.', minutesAgo: 4 * DAY - 30 },
          { user: 'U0PIOTR001', text: 'And weight it overnight.', minutesAgo: 4 * DAY - 55 },
        ],
      },
      {
        user: 'U0JUNE0001',
        text: 'Does anyone know a supplier for marbled paper who ships in small lots?',
        minutesAgo: 2 * DAY + 60,
      },
      {
        user: 'U0AMARA001',
        text: 'How long do you let the book block dry before trimming?',
        minutesAgo: DAY + 15,
        reactions: [{ name: '+1', users: ['U0LUIS0001'] }],
      },
      { user: 'U0DANA0001', text: 'Where do I find the template for travel costs?', minutesAgo: 140 },
    ],
  },
  {
    id: 'C0ANNOUNCE',
    name: 'announcements',
    topic: 'News for everybody',
    hasBot: true,
    messages: [
      { user: 'U0PIOTR001', text: 'Open day on the first Saturday of December. Bring your families.', minutesAgo: 5 * DAY },
    ],
  },
  { id: 'C0DIGEST01', name: 'digest', topic: 'What happened, once a week', hasBot: true, messages: [] },
  {
    id: 'C0INTRODUC',
    name: 'introductions',
    topic: 'Say hello',
    hasBot: true,
    messages: [{ user: 'U0LUIS0001', text: 'Hello, I am Luis, I bind books in Porto and repair presses.', minutesAgo: 6 * DAY }],
  },
  { id: 'C0LEADERS1', name: 'leadership', topic: 'The app was not invited here', hasBot: false, messages: [] },
  { id: 'C0PAYROLL1', name: 'payroll', topic: 'Private', kind: 'private', hasBot: false, messages: [] },
  { id: 'C0ARCHIVE1', name: 'trade-fair-2024', topic: 'Over', isArchived: true, hasBot: true, messages: [] },
];
