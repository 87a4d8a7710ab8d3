import type { ProviderDefinition } from './definition.ts';
import { readGitHubAnswer } from './github/answers.ts';
import { issueGet, issueList } from './github/issue-read.ts';
import { issueClose, issueComment, issueCreate } from './github/issue-write.ts';
import { githubOAuth, readUser } from './github/oauth.ts';
import { pullGet, pullList } from './github/pull.ts';
import { fileRead, repositoryList } from './github/repository.ts';
import { githubWebhooks } from './github/webhooks.ts';

/** https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api: without a user agent it answers 403. */
const HEADERS = { 'user-agent': 'Clancy ConnectHub', 'x-github-api-version': '2022-11-28' };

/** https://docs.github.com/en/rest: queries to read, JSON bodies to write; a connection is a person. */
export const github = {
  id: 'github',
  title: 'GitHub',
  addresses: {
    authorize: 'https://github.com/login/oauth/authorize',
    token: 'https://github.com/login/oauth/access_token',
    revoke: 'https://api.github.com/applications',
    api: 'https://api.github.com',
  },
  oauth: githubOAuth,
  readAccount: readUser,
  // https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-authorization: the person's whole grant.
  revocation: {
    request: ({ accessToken, client }) => ({
      verb: 'DELETE',
      path: `/${encodeURIComponent(client.id)}/grant`,
      headers: {
        ...HEADERS,
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
      },
      body: JSON.stringify({ access_token: accessToken }),
    }),
    isDone: ({ status }) => status === 204,
  },
  toHttp: ({ method, args, verb = 'GET', body }) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(args)) if (value !== undefined) query.set(name, String(value));
    return {
      verb,
      path: query.size === 0 ? `/${method}` : `/${method}?${query.toString()}`,
      headers: { ...HEADERS, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
  },
  readAnswer: readGitHubAnswer,
  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: of each person, and of what makes something.
  limits: [
    { name: 'requests an hour', countedBy: 'connection', units: 5_000, perMs: 3_600_000 },
    { name: 'writes a minute', countedBy: 'connection', units: 80, perMs: 60_000, cost: writes },
    { name: 'writes an hour', countedBy: 'connection', units: 500, perMs: 3_600_000, cost: writes },
  ],
  tokenPattern: /\bgh[opsur]_[A-Za-z0-9_]{20,}|\bgithub_pat_\w{20,}/g,
  capabilities: [repositoryList, fileRead, issueList, issueGet, issueCreate, issueComment, issueClose, pullList, pullGet],
  webhooks: githubWebhooks,
} satisfies ProviderDefinition;

function writes({ verb = 'GET' }: { verb?: string }): number {
  return verb === 'GET' ? 0 : 1;
}
