import { LABELS, MAILS } from './seed.ts';
import type { Attachment, SeedMail } from './seed.ts';

export interface StoredMail {
  id: string;
  threadId: string;
  labelIds: Set<string>;
  historyId: number;
  /** Milliseconds since the epoch. */
  receivedMs: number;
  headers: { name: string; value: string }[];
  text: string;
  html: string | null;
  attachments: Attachment[];
}

export interface Label {
  id: string;
  name: string;
  type: 'system' | 'user';
}

export type NewMail = Pick<StoredMail, 'headers' | 'text'> &
  Partial<Pick<StoredMail, 'html' | 'attachments' | 'threadId' | 'receivedMs'>> & { labels: string[] };

export interface Mailbox {
  /** Its id everywhere. */
  address: string;
  /** In the order of arrival. */
  mails: Map<string, StoredMail>;
  /** Draft id to the id of its mail. */
  drafts: Map<string, string>;
  labels: Map<string, Label>;
  historyId: number;
  /** Mails as they came, with the history id of that moment. */
  added: { historyId: number; mail: StoredMail }[];
  /** Histories before it are no longer known. */
  forgottenBefore: number;
  /** Until when changes are told to the topic; null: nobody asked. */
  watch: { topic: string; endsAtMs: number } | null;
  /** Settings that tests change. Seconds. */
  tokenLifetimeS: number;
  /** Off: a sent mail gets a Message-ID of Gmail's own, as reports say of some mailboxes. */
  keepsMessageId: boolean;
  /** Units a minute. */
  quota: number;
  /** Adds a mail with ids of its own. */
  add(mail: NewMail): StoredMail;
  /** Notes a change of a mail. */
  touch(mail: StoredMail): void;
}

/** Seconds; Google's access tokens live an hour. */
const TOKEN_LIFETIME_S = 3_600;
/** https://developers.google.com/workspace/gmail/api/reference/quota: units per user and minute. */
export const QUOTA = 6_000;
const SYSTEM_LABELS = ['INBOX', 'SENT', 'DRAFT', 'UNREAD', 'STARRED', 'IMPORTANT', 'SPAM', 'TRASH'];

/** The first header of that name, or null. */
export function headerOf(mail: Pick<StoredMail, 'headers'>, name: string): string | null {
  return mail.headers.find((one) => one.name.toLowerCase() === name.toLowerCase())?.value ?? null;
}

/** One mailbox, seeded; tests that use different ones share nothing. */
export function createMailbox(address: string, now: () => number): Mailbox {
  let count = 0;
  // In Gmail's form: 16 hexadecimal digits.
  const newId = () => (0x18f0_0000_0000_0000n + BigInt((count += 1))).toString(16);
  const mailbox: Mailbox = {
    address,
    mails: new Map(),
    drafts: new Map(),
    labels: new Map(),
    historyId: 1_000,
    added: [],
    forgottenBefore: 0,
    watch: null,
    tokenLifetimeS: TOKEN_LIFETIME_S,
    keepsMessageId: true,
    quota: QUOTA,
    add({ labels, threadId, receivedMs = now(), html = null, attachments = [], ...mail }) {
      const id = newId();
      const stored = {
        ...mail,
        html,
        attachments,
        id,
        threadId: threadId ?? id,
        receivedMs,
        labelIds: new Set(labels),
        historyId: 0,
      };
      mailbox.mails.set(id, stored);
      mailbox.touch(stored);
      mailbox.added.push({ historyId: stored.historyId, mail: stored });
      return stored;
    },
    touch: (mail) => void (mail.historyId = mailbox.historyId += 1),
  };
  for (const name of SYSTEM_LABELS) mailbox.labels.set(name, { id: name, name, type: 'system' });
  LABELS.forEach((name, index) => mailbox.labels.set(`Label_${index + 1}`, { id: `Label_${index + 1}`, name, type: 'user' }));
  for (const seed of MAILS) seedMail(mailbox, seed, now());
  return mailbox;
}

function seedMail(
  mailbox: Mailbox,
  { from, subject, text, minutesAgo, html, attachments, answers }: SeedMail,
  nowMs: number,
): void {
  const answered = [...mailbox.mails.values()].find((mail) => headerOf(mail, 'Message-ID') === answers);
  const receivedMs = nowMs - minutesAgo * 60_000;
  mailbox.add({
    headers: [
      { name: 'From', value: from },
      { name: 'To', value: mailbox.address },
      { name: 'Subject', value: subject },
      { name: 'Date', value: new Date(receivedMs).toUTCString() },
      { name: 'Message-ID', value: messageIdOf(from, minutesAgo) },
      ...(answers === undefined
        ? []
        : [
            { name: 'In-Reply-To', value: answers },
            { name: 'References', value: answers },
          ]),
    ],
    text,
    labels: ['INBOX', 'UNREAD'],
    receivedMs,
    ...(html !== undefined && { html }),
    ...(attachments !== undefined && { attachments }),
    ...(answered && { threadId: answered.threadId }),
  });
}

/** A seeded mail is known by when it came. */
export function messageIdOf(from: string, minutesAgo: number): string {
  return `<seed-${minutesAgo}@${/@([^>]+)/.exec(from)?.[1] ?? 'example.com'}>`;
}
