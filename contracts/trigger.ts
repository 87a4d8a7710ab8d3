import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';

/** What a trigger carries at most, in bytes of JSON: the rest stays where it came from. */
export const MAX_TRIGGER_PAYLOAD_BYTES = 64 * 1024;
/** What a person wrote, as far as an employee is chosen by it, in characters. */
const MAX_TEXT = 16_000;

/** `<provider>.<event>`, such as `slack.message`, `stripe.invoice.paid`. */
export const triggerTypeSchema = z
  .string()
  .max(120)
  .regex(/^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$/, 'expected <provider>.<event>, such as slack.message');

const payloadSchema = jsonObjectSchema.refine(
  (payload) => Buffer.byteLength(JSON.stringify(payload)) <= MAX_TRIGGER_PAYLOAD_BYTES,
  'a payload of 64 KiB at most',
);
const textSchema = z.string().min(1).max(MAX_TEXT);

/**
 * A provider's webhook, verified by ConnectHub and stored there until Agent-Core has taken it. Only ConnectHub's service token
 * may send one. `payload` is text from outside: it never widens what an employee may do.
 *
 * Subscriptions compare fields of the payload that {@link EVENT_FIELDS} names: whoever sends an event of such a type puts
 * them there, under these names, at the top of the payload.
 */
export const webhookTriggerSchema = z
  .strictObject({
    /** Idempotency key: the same event has the same id at each attempt. */
    trigger_id: z.uuid(),
    org_id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
    source: z.literal('webhook'),
    provider: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/),
    connection_id: z.string().min(1).max(100),
    type: triggerTypeSchema,
    /** The provider's own id of the event (Slack `event_id`, Stripe `evt_…`, GitHub's delivery). */
    external_id: z.string().min(1).max(300),
    /** When it happened, by the provider's clock where it says so. */
    occurred_at: z.iso.datetime(),
    payload: payloadSchema,
    /** What a person wrote, where the event is a message. */
    text: textSchema.optional(),
  })
  .refine(({ type, provider }) => type.startsWith(`${provider}.`), { path: ['type'], message: 'not an event of this provider' })
  .meta({
    examples: [
      {
        trigger_id: '9b1f0c52-3d51-4a58-9d66-8f4a6f6f8c11',
        org_id: 'org_2abc',
        source: 'webhook',
        provider: 'slack',
        connection_id: 'conn_4f3k9wz0h1c7m2v8x5tq6n0rda',
        type: 'slack.message',
        external_id: 'Ev0PV52K21',
        occurred_at: '2026-11-23T10:00:00.000Z',
        payload: { channel: 'C0BILLING1', channel_name: 'billing', user: 'U0DANA0001', ts: '1732353600.000100' },
        text: 'Where is the invoice of March?',
      },
    ],
  });
export type WebhookTrigger = z.infer<typeof webhookTriggerSchema>;

/** What a person asks for; the organisation is that of their token. */
export const personTriggerSchema = z
  .strictObject({
    source: z.literal('person').optional(),
    /** In their own words: whoever fits takes it up. */
    text: textSchema.optional(),
    /** The event that it stands for: whoever is subscribed to it takes it up. */
    type: triggerTypeSchema.optional(),
    payload: payloadSchema.default({}),
    /** Leaves nothing to choose. */
    employee_id: z.string().optional(),
    /** Skills of that employee to start at, by node; absent = all that start by themselves. */
    entry_skills: z.array(z.string().min(1).max(60)).min(1).max(50).optional(),
    /** Makes a repetition the same trigger; else the `Idempotency-Key` does. */
    trigger_id: z.uuid().optional(),
  })
  .refine(({ text, type, employee_id }) => text !== undefined || type !== undefined || employee_id !== undefined, {
    message: 'a trigger has a text, a type or an employee',
  })
  .refine(({ employee_id, entry_skills }) => entry_skills === undefined || employee_id !== undefined, {
    path: ['entry_skills'],
    message: 'skills belong to an employee: name it',
  })
  .meta({ examples: [{ text: 'Post a digest of the open questions in #support' }] });
export type PersonTrigger = z.infer<typeof personTriggerSchema>;

/** Body of `POST /v1/triggers`. */
export const triggerBodySchema = z.discriminatedUnion('source', [webhookTriggerSchema, personTriggerSchema]);

/**
 * What became of a trigger. `asked`: several employees fit, a person chooses. `unmatched`: nobody fits, it is kept.
 * `duplicate`: the provider's event came before under another trigger id; the runs are those of the first. `refused`: a fact
 * that would go on in a circle; only facts are.
 */
export const TRIGGER_DECISIONS = ['started', 'unmatched', 'asked', 'duplicate', 'refused'] as const;

/** 202 body of `POST /v1/triggers`. A repetition of a trigger id is answered with the first answer. */
export const triggerAnswerSchema = z.strictObject({
  trigger_id: z.uuid(),
  decision: z.enum(TRIGGER_DECISIONS),
  runs: z.array(z.strictObject({ run_id: z.string(), execution_id: z.uuid(), employee_id: z.string() })),
});
export type TriggerAnswer = z.infer<typeof triggerAnswerSchema>;

/** Fields of a payload that a subscription may compare, by event type. All are texts; a field may be absent. */
export const EVENT_FIELDS = {
  /** A message in a channel, not one of our own. `channel` and `user` are Slack's ids; names come without `#` or `@`. */
  'slack.message': ['channel', 'channel_name', 'user', 'thread_ts'],
  'slack.app_mention': ['channel', 'channel_name', 'user', 'thread_ts'],
  'slack.reaction_added': ['channel', 'channel_name', 'user', 'reaction'],
  'slack.member_joined_channel': ['channel', 'channel_name', 'user'],
  'slack.team_join': ['user'],
  // Facts of our own (`api/facts/triggers/events.ts`). `employee` is the id of the employee that it is about, or its name.
  'clancy.run_completed': ['employee', 'employee_name'],
  'clancy.run_failed': ['employee', 'employee_name', 'error_code'],
  'clancy.run_interrupted': ['employee', 'employee_name', 'error_code'],
  'clancy.approval_requested': ['employee', 'employee_name'],
  'clancy.approval_decided': ['employee', 'employee_name', 'status'],
  'clancy.approval_expired': ['employee', 'employee_name'],
  'clancy.receipt_resolved': ['employee', 'employee_name', 'resolution'],
  'clancy.connection_active': ['provider', 'connection_id'],
  'clancy.connection_needs_reauth': ['provider', 'connection_id'],
  'clancy.connection_disconnected': ['provider', 'connection_id'],
  'clancy.employee_activated': ['employee', 'employee_name'],
  'clancy.employee_retired': ['employee', 'employee_name'],
} as const satisfies { [type: string]: readonly string[] };

/** Fields that an event must have, with the value of each: `channel` is met by the payload's `channel` or `channel_name`. */
export const eventFilterSchema = z.record(z.string(), z.string().min(1).max(200));
export type EventFilter = z.infer<typeof eventFilterSchema>;

/** Where several employees fit: the first of them, all, or a person is asked. */
export const SEVERAL = ['one', 'all', 'ask'] as const;
export const supervisorPolicySchema = z.strictObject({
  /** Several are subscribed to an event. */
  subscriptions: z.enum(SEVERAL),
  /** Several are about as near to the words. */
  matching: z.enum(SEVERAL),
  /** Whether the words of a webhook that nobody is subscribed to may choose an employee: they come from outside. */
  match_webhooks: z.boolean(),
});
export type SupervisorPolicy = z.infer<typeof supervisorPolicySchema>;
export const DEFAULT_SUPERVISOR_POLICY: SupervisorPolicy = { subscriptions: 'all', matching: 'ask', match_webhooks: false };

/** An employee that the supervisor considered. */
export const triggerCandidateSchema = z.strictObject({
  employee_id: z.string(),
  name: z.string(),
  /** 0 to 1; 1 where a person or a subscription names the employee. */
  score: z.number(),
  /** Nodes that it would start at; null = all that start by themselves. */
  entry_skills: z.array(z.string()).nullable(),
  subscription_id: z.uuid().nullable(),
  /** Why it was chosen, or was not, as a sentence. */
  why: z.string(),
  started: z.boolean(),
});
export type TriggerCandidate = z.infer<typeof triggerCandidateSchema>;
