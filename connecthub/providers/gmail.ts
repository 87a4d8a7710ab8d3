import type { ProviderDefinition } from './definition.ts';
import { emailLabel } from './gmail/label.ts';
import { gmailLimits } from './gmail/limits.ts';
import { gmailOAuth } from './gmail/oauth.ts';
import { readMailbox } from './gmail/mailbox.ts';
import { emailRead, emailSearch, threadRead } from './gmail/read.ts';
import { emailDraft, emailReply, emailSend } from './gmail/send.ts';
import { gmailWebhooks } from './gmail/webhooks.ts';
import { readGoogleAnswer } from './google/answers.ts';
import { GOOGLE_ADDRESSES, GOOGLE_TOKENS, googleRevocation, toGoogleHttp } from './google/http.ts';

/** https://developers.google.com/workspace/gmail/api/reference/rest */
export const gmail = {
  id: 'gmail',
  title: 'Gmail',
  addresses: { ...GOOGLE_ADDRESSES, api: 'https://gmail.googleapis.com/gmail/v1/users/me' },
  oauth: gmailOAuth,
  readAccount: readMailbox,
  revocation: googleRevocation,
  toHttp: toGoogleHttp,
  readAnswer: readGoogleAnswer,
  limits: gmailLimits,
  tokenPattern: GOOGLE_TOKENS,
  capabilities: [emailSearch, emailRead, emailSend, emailReply, emailDraft, emailLabel, threadRead],
  webhooks: gmailWebhooks,
} satisfies ProviderDefinition;
