import type { ProviderDefinition } from './definition.ts';
import { readSlackAnswer } from './slack/answers.ts';
import { slackChannelsList, slackUsersFind } from './slack/directory.ts';
import { slackOAuth } from './slack/oauth.ts';
import { slackDm, slackPost } from './slack/post.ts';
import { slackReact } from './slack/react.ts';
import { slackRead, slackThreadRead } from './slack/read.ts';

/** https://docs.slack.dev/apis/web-api: form bodies, one path a method. */
export const slack = {
  id: 'slack',
  title: 'Slack',
  baseUrl: 'https://slack.com',
  oauth: slackOAuth,
  revoke: { method: 'auth.revoke', args: {} },
  toHttp: ({ method, args }) => {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(args)) if (value !== undefined) form.set(name, String(value));
    return {
      path: `/api/${method}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: form.toString(),
    };
  },
  readAnswer: readSlackAnswer,
  tokenPattern: /\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}/g,
  capabilities: [slackPost, slackDm, slackRead, slackThreadRead, slackReact, slackChannelsList, slackUsersFind],
} satisfies ProviderDefinition;
