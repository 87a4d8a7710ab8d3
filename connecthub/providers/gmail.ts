import type { ProviderDefinition } from './definition.ts';
import { readGmailAnswer } from './gmail/answers.ts';
import { emailLabel } from './gmail/label.ts';
import { gmailLimits } from './gmail/limits.ts';
import { gmailOAuth } from './gmail/oauth.ts';
import { emailRead, emailSearch, threadRead } from './gmail/read.ts';
import { emailDraft, emailReply, emailSend } from './gmail/send.ts';

/** https://developers.google.com/workspace/gmail/api/reference/rest: queries to read, JSON bodies to write. */
export const gmail = {
  id: 'gmail',
  title: 'Gmail',
  addresses: {
    authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
    revoke: 'https://oauth2.googleapis.com/revoke',
    api: 'https://gmail.googleapis.com/gmail/v1/users/me',
  },
  oauth: gmailOAuth,
  // https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke: either token ends the whole grant.
  revocation: {
    request: ({ accessToken, refreshToken }) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: refreshToken ?? accessToken }).toString(),
    }),
    isDone: ({ status }) => status === 200,
  },
  toHttp: ({ method, args, verb = 'GET', body }) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(args)) if (value !== undefined) query.set(name, String(value));
    return {
      verb,
      path: query.size === 0 ? `/${method}` : `/${method}?${query.toString()}`,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
  },
  readAnswer: readGmailAnswer,
  limits: gmailLimits,
  tokenPattern: /\bya29\.[A-Za-z0-9._-]{10,}|\b1\/\/[A-Za-z0-9_-]{20,}/g,
  capabilities: [emailSearch, emailRead, emailSend, emailReply, emailDraft, emailLabel, threadRead],
} satisfies ProviderDefinition;
