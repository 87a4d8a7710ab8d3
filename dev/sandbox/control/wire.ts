import { z } from 'zod';
import { TEAM_ID } from '../slack/workspaces.ts';

const team = z.string().min(1);
const method = z.string().min(1);

const faultTarget = {
  team,
  method,
  when: z.enum(['before', 'after']).default('before'),
  nth: z.number().int().min(1).default(1),
  times: z.number().int().min(1).default(1),
};

/** Body of `POST /_sandbox/faults`. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...faultTarget,
    kind: z.literal('status'),
    status: z.number().int().min(400).max(599),
    /** Seconds, sent as `Retry-After`. */
    retry_after: z.number().int().min(0).optional(),
  }),
  z.strictObject({ ...faultTarget, kind: z.literal('error'), error: z.string().min(1) }),
  z.strictObject({ ...faultTarget, kind: z.literal('delay'), delay_ms: z.number().int().min(1).max(600_000) }),
  z.strictObject({ ...faultTarget, kind: z.literal('hang') }),
  z.strictObject({ ...faultTarget, kind: z.literal('reset') }),
  z.strictObject({ ...faultTarget, kind: z.literal('garbage') }),
  z.strictObject({ ...faultTarget, kind: z.literal('half') }),
]);
export type FaultInput = z.input<typeof faultSchema>;

export const barrierSpecSchema = z.strictObject({ team, method, after_effect: z.boolean().default(true) });
export type BarrierInput = z.input<typeof barrierSpecSchema>;

export const releaseSchema = z.strictObject({ outcome: z.enum(['answer', 'drop']).default('answer') });

export const barrierStateSchema = z.object({
  id: z.string(),
  team: z.string(),
  method: z.string(),
  after_effect: z.boolean(),
  state: z.enum(['waiting', 'held', 'released']),
  request_id: z.string().nullable(),
});
export type BarrierView = z.infer<typeof barrierStateSchema>;

export const requestRecordSchema = z.object({
  sequence: z.number(),
  provider: z.string(),
  team: z.string().nullable(),
  method: z.string(),
  request_id: z.string(),
  at: z.string(),
  args: z.record(z.string(), z.unknown()),
  status: z.number().nullable(),
  fault: z.string().nullable(),
});
export type RequestView = z.infer<typeof requestRecordSchema>;

export const issuedTokenSchema = z.object({
  value: z.string(),
  kind: z.enum(['access', 'refresh']),
  provider: z.string(),
  team: z.string(),
  subject: z.string(),
  scopes: z.array(z.string()),
  state: z.enum(['live', 'used', 'revoked']),
});
export type IssuedTokenView = z.infer<typeof issuedTokenSchema>;

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
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).nullable().default(null),
  reaction: z.string().nullable().default(null),
  user: z.string().nullable().default(null),
});
export type SlackEffect = z.infer<typeof slackEffectSchema>;
