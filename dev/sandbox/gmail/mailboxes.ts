import { randomBytes } from 'node:crypto';
import { createMailbox } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';

export interface Mailboxes {
  find(address: string): Mailbox | undefined;
  /** The mailbox of that address, made and seeded when it is new; without an address a new one. */
  ensure(address?: string): Mailbox;
}

/** The mailbox of the person at the consent page who names none: the same after each restart. */
export const HOME_ADDRESS = 'office@millrace.example';

export function createMailboxes(now: () => number): Mailboxes {
  const mailboxes = new Map<string, Mailbox>();
  return {
    find: (address) => mailboxes.get(address),
    ensure(address = `office-${randomBytes(5).toString('hex')}@millrace.example`) {
      const mailbox = mailboxes.get(address) ?? createMailbox(address, now);
      mailboxes.set(address, mailbox);
      return mailbox;
    },
  };
}
