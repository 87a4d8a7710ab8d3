import type { ProviderDefinition } from './definition.ts';
import { readSlackAnswer } from './slack/answers.ts';
import { slackChannelsList, slackUsersFind } from './slack/directory.ts';
import { slackLimits } from './slack/limits.ts';
import { slackOAuth } from './slack/oauth.ts';
import { slackDm, slackPost } from './slack/post.ts';
import { slackReact } from './slack/react.ts';
import { slackRead, slackThreadRead } from './slack/read.ts';
import { slackSearch } from './slack/search.ts';
import { slackWebhooks } from './slack/webhooks.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

/** https://docs.slack.dev/apis/web-api: form bodies, one path a method. */
export const slack = {
  id: 'slack',
  title: 'Slack',
  addresses: {
    authorize: 'https://slack.com/oauth/v2/authorize',
    token: 'https://slack.com/api/oauth.v2.access',
    revoke: 'https://slack.com/api/auth.revoke',
    api: 'https://slack.com/api',
  },
  oauth: slackOAuth,
  // https://docs.slack.dev/reference/methods/auth.revoke: ends the grant of the token it is sent with.
  revocation: {
    request: ({ accessToken }) => ({ headers: { ...FORM, authorization: `Bearer ${accessToken}` }, body: '' }),
    isDone: (answer) => readSlackAnswer(answer).kind === 'ok',
  },
  toHttp: ({ method, args }) => {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(args)) if (value !== undefined) form.set(name, String(value));
    return { verb: 'POST', path: `/${method}`, headers: FORM, body: form.toString() };
  },
  readAnswer: readSlackAnswer,
  limits: slackLimits,
  // https://docs.slack.dev/apis/web-api/rate-limits: per method, per workspace, per app.
  limitsPer: 'method',
  tokenPattern: /\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}/g,
  capabilities: [slackPost, slackDm, slackRead, slackThreadRead, slackReact, slackChannelsList, slackUsersFind, slackSearch],
  webhooks: slackWebhooks,
} satisfies ProviderDefinition;
