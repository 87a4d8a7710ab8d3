import { z } from 'zod';
import { TEAM_ID } from './workspaces.ts';

export const newTeamSchema = z.strictObject({ team: z.string().regex(TEAM_ID).optional() });
export const settingsSchema = z.strictObject({
  /** Lifetime of access tokens issued from now on, in seconds. */
  expires_in: z.number().int().min(1).optional(),
  /** Off: tokens never expire and come without a refresh token. */
  rotation: z.boolean().optional(),
});
export type SettingsInput = z.input<typeof settingsSchema>;

export const seedMessageSchema = z.strictObject({
  channel: z.string(),
  /** A person of the workspace. */
  user: z.string(),
  text: z.string().min(1),
  thread_ts: z.string().optional(),
});
export type SeedMessageInput = z.input<typeof seedMessageSchema>;
export const seededMessageSchema = z.object({ channel: z.string(), ts: z.string() });

export const teamSchema = z.object({
  team: z.string(),
  name: z.string(),
  bot_user_id: z.string(),
  installer: z.string(),
  channels: z.array(z.object({ id: z.string(), name: z.string(), kind: z.string(), is_archived: z.boolean() })),
  people: z.array(z.object({ id: z.string(), name: z.string(), real_name: z.string(), email: z.string() })),
});
export type TeamView = z.infer<typeof teamSchema>;

/** An effect in Slack; fields that a method does not have are null. */
export const slackEffectSchema = z.object({
  sequence: z.number(),
  provider: z.literal('slack'),
  team: z.string(),
  method: z.enum(['chat.postMessage', 'conversations.open', 'reactions.add', 'auth.revoke']),
  request_id: z.string(),
  at: z.string(),
  channel: z.string().nullable().default(null),
  text: z.string().nullable().default(null),
  ts: z.string().nullable().default(null),
  thread_ts: z.string().nullable().default(null),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .nullable()
    .default(null),
  reaction: z.string().nullable().default(null),
  user: z.string().nullable().default(null),
});
export type SlackEffect = z.infer<typeof slackEffectSchema>;
