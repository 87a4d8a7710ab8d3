import { z } from 'zod';

export const settingsSchema = z.strictObject({
  /** Lifetime of access tokens issued from now on, in seconds. */
  expires_in: z.number().int().min(1).optional(),
  /** Off: sent mails get a Message-ID of Gmail's own. */
  keeps_message_id: z.boolean().optional(),
  /** Units a minute. */
  quota: z.number().int().min(0).optional(),
  /** True: from now on no history before this moment is known. */
  forgets_history: z.literal(true).optional(),
});
export type MailboxSettings = z.input<typeof settingsSchema>;

/** A mail that somebody outside sends to the mailbox. */
export const incomingSchema = z.strictObject({
  from: z.string().min(1),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
  /** Headers besides, such as `Reply-To`. */
  headers: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
  thread_id: z.string().optional(),
});
export type IncomingMail = z.input<typeof incomingSchema>;
export const arrivedSchema = z.object({ id: z.string(), thread_id: z.string() });

/** An effect in a mailbox; fields that a method does not have are null. */
export const gmailEffectSchema = z.object({
  sequence: z.number(),
  provider: z.literal('gmail'),
  team: z.string(),
  method: z.enum(['messages.send', 'messages.modify', 'drafts.create']),
  request_id: z.string(),
  at: z.string(),
  id: z.string(),
  /** As it stands in the mailbox: what tells one mail from another. */
  message_id: z.string().nullable(),
  thread_id: z.string().nullable().default(null),
  draft_id: z.string().nullable().default(null),
  to: z.array(z.string()).default([]),
  cc: z.array(z.string()).default([]),
  subject: z.string().nullable().default(null),
  text: z.string().nullable().default(null),
  attachments: z
    .array(z.object({ filename: z.string(), mimeType: z.string(), bytes: z.number(), sha256: z.string() }))
    .default([]),
  added: z.array(z.string()).default([]),
  removed: z.array(z.string()).default([]),
});
export type GmailEffect = z.infer<typeof gmailEffectSchema>;

export const watchSchema = z.object({ topic: z.string(), endsAtMs: z.number() }).nullable();
