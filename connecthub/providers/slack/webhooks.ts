import type { Delivery, WebhookDefinition } from '../../webhooks/definition.ts';
import { jsonOf } from '../../webhooks/body.ts';
import { hexSignature, hmacSha256, isSignedWith, isTimely } from '../../webhooks/signatures.ts';
import { channelName } from './webhooks/channel-name.ts';
import { commandEvents } from './webhooks/command.ts';
import { challengeOf, eventsOfCallback } from './webhooks/event.ts';
import { interactionEvents } from './webhooks/interaction.ts';

/**
 * Events API, slash commands and interactivity, told apart by their bodies: all three may be entered at Slack with one
 * address. https://docs.slack.dev/apis/events-api/using-http-request-urls
 */
export const slackWebhooks: WebhookDefinition = {
  // https://docs.slack.dev/authentication/verifying-requests-from-slack
  proof: {
    by: 'secret',
    isSigned: ({ body, headers }, secrets, nowMs) => {
      const at = headers['x-slack-request-timestamp'];
      if (!isTimely(at, nowMs)) return false;
      const given = /^v0=(.*)$/.exec(headers['x-slack-signature'] ?? '')?.[1];
      return isSignedWith(secrets, (secret) => hmacSha256(secret, `v0:${at}:`, body), hexSignature(given));
    },
  },
  events: (delivery) => {
    const form = formOf(delivery);
    if (!form) return eventsOfCallback(jsonOf(delivery));
    return form.has('payload') ? interactionEvents(form, sentAt(delivery)) : commandEvents(form, sentAt(delivery));
  },
  completion: channelName,
  respond: (delivery) => {
    const form = formOf(delivery);
    if (!form) return challengeOf(jsonOf(delivery));
    // A command without an answer shows the person nothing at all.
    return form.has('command') ? { response_type: 'ephemeral', text: 'Got it.' } : undefined;
  },
};

function formOf({ headers, body }: Delivery): URLSearchParams | undefined {
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return isForm ? new URLSearchParams(body.toString('utf8')) : undefined;
}

/** The signed time, in whole seconds. */
function sentAt({ headers }: Delivery): Date {
  return new Date(Number(headers['x-slack-request-timestamp']) * 1_000);
}
