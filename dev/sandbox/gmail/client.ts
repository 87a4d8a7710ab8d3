import { z } from 'zod';
import type { Send } from '../control/send.ts';
import { arrivedSchema, gmailEffectSchema, watchSchema } from './wire.ts';
import type { GmailEffect, IncomingMail, MailboxSettings } from './wire.ts';

/** What a test may do to a mailbox. */
export interface GmailControls {
  /** Mails sent, drafts saved and labels put on, oldest first. */
  effects(mailbox: string): Promise<GmailEffect[]>;
  changeSettings(mailbox: string, settings: MailboxSettings): Promise<void>;
  /** What was asked to be told of a mailbox. */
  watch(mailbox: string): Promise<{ topic: string; endsAtMs: number } | null>;
  /** A mail arrives from outside. */
  receive(mailbox: string, mail: IncomingMail): Promise<{ id: string; thread_id: string }>;
}

export function createGmailControls(send: Send): GmailControls {
  const at = (mailbox: string) => `/gmail/mailboxes/${encodeURIComponent(mailbox)}`;
  return {
    watch: async (mailbox) => (await send('GET', `${at(mailbox)}/watch`, z.object({ watch: watchSchema }))).watch,
    effects: async (mailbox) => {
      const query = new URLSearchParams({ team: mailbox }).toString();
      return (await send('GET', `/effects?${query}`, z.object({ effects: z.array(gmailEffectSchema) }))).effects;
    },
    changeSettings: async (mailbox, settings) => void (await send('PATCH', `${at(mailbox)}/settings`, z.unknown(), settings)),
    receive: (mailbox, mail) => send('POST', `${at(mailbox)}/mails`, arrivedSchema, mail),
  };
}
