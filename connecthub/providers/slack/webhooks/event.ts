import { z } from 'zod';
import type { JsonObject } from '../../../../contracts/json.ts';
import { readShape } from '../../../webhooks/body.ts';
import { cutText, present } from '../../../webhooks/cut.ts';
import type { WebhookEvent } from '../../../webhooks/definition.ts';

const id = z.string().max(100);
const challengeSchema = z.looseObject({ type: z.literal('url_verification'), challenge: z.string().max(1_000) });

/** https://docs.slack.dev/apis/events-api#events-JSON, as far as we look at it. */
const callbackSchema = z.looseObject({
  type: z.literal('event_callback'),
  event_id: z.string().min(1).max(200),
  event_time: z.int().positive().max(99_999_999_999),
  team_id: id.nullish(),
  enterprise_id: id.nullish(),
  api_app_id: id,
  authorizations: z
    .array(z.looseObject({ user_id: id.nullish(), is_bot: z.boolean().nullish(), is_enterprise_install: z.boolean().nullish() }))
    .default([]),
  event: z.looseObject({
    type: z.string().regex(/^[a-z][a-z0-9_]{0,60}$/),
    subtype: z.string().max(60).nullish(),
    user: z.union([id, z.looseObject({ id })]).nullish(),
    bot_id: id.nullish(),
    app_id: id.nullish(),
    bot_profile: z.looseObject({ app_id: id.nullish() }).nullish(),
    // Of a channel that was just made, the whole of it.
    channel: z.union([id, z.looseObject({ id, name: z.string().max(200).nullish() })]).nullish(),
    channel_type: z.string().max(40).nullish(),
    text: z.string().nullish(),
    ts: id.nullish(),
    event_ts: id.nullish(),
    thread_ts: id.nullish(),
    reaction: z.string().max(200).nullish(),
    item_user: id.nullish(),
    item: z.looseObject({ type: z.string().max(40).nullish(), channel: id.nullish(), ts: id.nullish() }).nullish(),
    inviter: id.nullish(),
  }),
});
type Callback = z.infer<typeof callbackSchema>;
type SlackEvent = Callback['event'];

/** What is changed, deleted or joined is no message that somebody wrote. */
const WRITTEN = new Set([undefined, null, 'file_share', 'thread_broadcast', 'bot_message', 'me_message']);

/** https://docs.slack.dev/reference/events/url_verification: its answer is the challenge. */
export function challengeOf(body: unknown): JsonObject | undefined {
  const asked = readShape(challengeSchema, body);
  return asked && { challenge: asked.challenge };
}

/** One event; none where it is ours, or nothing that we know. */
export function eventsOfCallback(body: unknown): WebhookEvent[] {
  const callback = readShape(callbackSchema, body);
  if (!callback || isOurOwn(callback)) return [];
  const { event } = callback;
  if (event.type === 'message' && !WRITTEN.has(event.subtype)) return [];
  const text = cutText(event.text ?? '');
  return [
    {
      accounts: accountsOf(callback),
      externalId: callback.event_id,
      type: `slack.${event.type}`,
      occurredAt: new Date(callback.event_time * 1_000),
      payload: payloadOf(event, text),
      ...(text !== '' && { text }),
    },
  ];
}

/** An installation for a whole enterprise is an account of its own. */
function accountsOf({ team_id: team, enterprise_id: enterprise, authorizations }: Callback): string[] {
  const isForEnterprise = authorizations.some((one) => one.is_enterprise_install === true);
  return [team, isForEnterprise ? enterprise : undefined].filter((account) => typeof account === 'string');
}

/**
 * What our own bot does is no event: it would answer itself for ever. A bot that does not say whose it is counts as ours,
 * except where it only did something to what somebody else wrote.
 */
function isOurOwn({ api_app_id: ours, authorizations, event }: Callback): boolean {
  const user = userOf(event);
  if (user !== undefined && authorizations.some((one) => one.is_bot === true && one.user_id === user)) return true;
  const app = event.app_id ?? event.bot_profile?.app_id ?? undefined;
  if (app !== undefined) return app === ours;
  return typeof event.bot_id === 'string' || event.subtype === 'bot_message';
}

function userOf({ user }: SlackEvent): string | undefined {
  return typeof user === 'object' && user !== null ? user.id : (user ?? undefined);
}

function payloadOf(event: SlackEvent, text: string): JsonObject {
  const { channel, item } = event;
  const made = typeof channel === 'object' && channel !== null ? channel : undefined;
  const channelId = typeof channel === 'string' ? channel : (made?.id ?? item?.channel ?? undefined);
  return present({
    event: event.type,
    subtype: event.subtype ?? undefined,
    user: userOf(event),
    bot_id: event.bot_id ?? undefined,
    channel: channelId,
    channel_name: made?.name ?? undefined,
    channel_type: event.channel_type ?? undefined,
    text: text === '' ? undefined : text,
    ts: event.ts ?? event.event_ts ?? undefined,
    thread_ts: event.thread_ts ?? undefined,
    reaction: event.reaction ?? undefined,
    item_user: event.item_user ?? undefined,
    item: item
      ? present({ type: item.type ?? undefined, channel: item.channel ?? undefined, ts: item.ts ?? undefined })
      : undefined,
    inviter: event.inviter ?? undefined,
  });
}
