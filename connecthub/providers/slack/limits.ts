import type { RateLimit } from '../definition.ts';

const MINUTE_MS = 60_000;

/**
 * https://docs.slack.dev/apis/web-api/rate-limits: tiers per method and workspace. Each method's page names its tier; for
 * `chat.postMessage` it is one message a second per channel and "several hundred messages per minute" per workspace. Slack
 * lets more pass at times and promises no more than this.
 */
export const slackLimits: readonly RateLimit[] = [
  tier('tier 2', 20, ['conversations.list', 'search.messages', 'users.list']),
  tier('tier 3', 50, [
    'conversations.history',
    'conversations.info',
    'conversations.open',
    'conversations.replies',
    'reactions.add',
    'reactions.get',
    'users.lookupByEmail',
  ]),
  { ...tier('messages to a channel', 1, ['chat.postMessage']), countedBy: { argument: 'channel' }, perMs: 1_000 },
  tier('messages in the workspace', 200, ['chat.postMessage']),
  tier('tests of the token', 200, ['auth.test']),
];

function tier(name: string, units: number, methods: readonly string[]): RateLimit {
  return { name, methods, countedBy: 'method', units, perMs: MINUTE_MS };
}
