import { cutText, present } from '../../../webhooks/cut.ts';
import type { WebhookEvent } from '../../../webhooks/definition.ts';
import { digestOf } from '../../../webhooks/signatures.ts';

/**
 * A slash command. https://docs.slack.dev/interactivity/implementing-slash-commands. Its `token`, `response_url` and
 * `trigger_id` let whoever has them act: none is kept. The last is different each time, so that its digest is the id.
 */
export function commandEvents(form: URLSearchParams, occurredAt: Date): WebhookEvent[] {
  const word = (name: string) => form.get(name)?.slice(0, 200) || undefined;
  const command = word('command');
  const trigger = word('trigger_id');
  if (command === undefined || trigger === undefined) return [];
  const text = cutText(form.get('text') ?? '');
  return [
    {
      accounts: accountsOf(form),
      externalId: `command:${digestOf(trigger)}`,
      type: 'slack.command',
      occurredAt,
      payload: present({
        command,
        text,
        user: word('user_id'),
        user_name: word('user_name'),
        channel: word('channel_id'),
        channel_name: word('channel_name'),
      }),
      ...(text !== '' && { text }),
    },
  ];
}

function accountsOf(form: URLSearchParams): string[] {
  const enterprise = form.get('is_enterprise_install') === 'true' ? form.get('enterprise_id') : null;
  return [form.get('team_id'), enterprise].filter((account) => account !== null && account !== '').map(String);
}
