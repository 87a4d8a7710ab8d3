import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { parseInput } from '../control/errors.ts';
import { webhookSecretOf, type WebhookSender } from '../core/webhooks.ts';
import type { ClientCredentials } from '../core/client-auth.ts';
import type { Machinery } from '../core/machinery.ts';
import { APP } from './seed.ts';

const team = z.string().min(1);
const inputSchema = z.union([
  z.strictObject({ team, event: z.looseObject({ type: z.string() }), event_id: z.string().optional() }),
  z.strictObject({ team, command: z.string().startsWith('/'), text: z.string(), user: z.string(), channel: z.string() }),
  z.strictObject({ team, interaction: z.looseObject({ type: z.string() }) }),
  z.strictObject({ challenge: z.string() }),
]);

/** https://docs.slack.dev/apis/events-api: three attempts after the first; a secret that no application should rely on any more. */
const RETRIES = 3;
const OLD_TOKEN = 'slack-verification-token-of-old';

export function slackWebhooks({ now }: Machinery, client: ClientCredentials): WebhookSender {
  const secret = webhookSecretOf(client);
  return {
    retries: RETRIES,
    prepare: (event) => {
      const { contentType, body } = bodyOf(parseInput(inputSchema, event), Math.floor(now() / 1_000));
      return (attempt) => {
        const at = String(Math.floor(now() / 1_000));
        const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
        const repeated = { 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': 'http_error' };
        return {
          headers: {
            'content-type': contentType,
            'x-slack-request-timestamp': at,
            'x-slack-signature': `v0=${signature}`,
            ...(attempt > 0 && repeated),
          },
          body,
        };
      };
    },
  };
}

function bodyOf(input: z.infer<typeof inputSchema>, atS: number): { contentType: string; body: string } {
  if ('challenge' in input) return json({ type: 'url_verification', token: OLD_TOKEN, challenge: input.challenge });
  const trigger = {
    trigger_id: `${atS}.${randomBytes(8).toString('hex')}`,
    response_url: 'https://hooks.slack.com/secret-answer',
  };
  const common = { token: OLD_TOKEN, api_app_id: APP.appId };
  if ('event' in input) return json({ ...common, ...envelope(input, atS) });
  if ('command' in input) {
    const { team: team_id, command, text, user: user_id, channel: channel_id } = input;
    return form({
      ...common,
      ...trigger,
      team_id,
      command,
      text,
      user_id,
      channel_id,
      user_name: 'somebody',
      channel_name: 'billing',
    });
  }
  return form({ payload: JSON.stringify({ ...common, ...trigger, team: { id: input.team }, ...input.interaction }) });
}

function envelope(
  { team: teamId, event, event_id: eventId }: { team: string; event: object; event_id?: string | undefined },
  atS: number,
) {
  return {
    team_id: teamId,
    type: 'event_callback',
    event_id: eventId ?? `Ev${randomBytes(6).toString('hex').toUpperCase()}`,
    event_time: atS,
    event: { event_ts: `${atS}.000100`, ...event },
    authorizations: [
      { enterprise_id: null, team_id: teamId, user_id: APP.botUserId, is_bot: true, is_enterprise_install: false },
    ],
  };
}

function json(body: object) {
  return { contentType: 'application/json', body: JSON.stringify(body) };
}

function form(fields: Record<string, string>) {
  return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() };
}
