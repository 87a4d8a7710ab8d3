import type { FastifyInstance } from 'fastify';
import { createCodeStore } from '../core/codes.ts';
import type { CreateProvider } from '../core/provider.ts';
import { answerApi } from './api.ts';
import type { ApiRoute } from './api.ts';
import { registerGmailControls } from './control.ts';
import type { GmailDeps } from './deps.ts';
import { CODE_LIFETIME_MS } from '../google/deps.ts';
import { OAUTH_METHODS, registerGoogleOAuth } from '../google/routes.ts';
import { createMailboxes, HOME_ADDRESS } from './mailboxes.ts';
import { messagesSend } from './methods/messages.ts';
import { METHODS } from './methods/registry.ts';
import { createQuota } from './quota.ts';
import { publicKeys } from '../google/id-token.ts';
import { gmailWebhooks } from './webhooks.ts';
import { GMAIL_SCOPES } from './scopes.ts';

/** Gmail and the part of Google's OAuth that it needs, under `/gmail`. */
export const createGmailProvider: CreateProvider = (machinery, client) => {
  const mailboxes = createMailboxes(machinery.now);
  const deps: GmailDeps = {
    provider: 'gmail',
    machinery,
    client,
    codes: createCodeStore(machinery.now, CODE_LIFETIME_MS),
    ensureAccount: mailboxes.ensure,
    homeAddress: HOME_ADDRESS,
    scopes: GMAIL_SCOPES,
    mailboxes,
    quota: createQuota(machinery.now),
  };
  return {
    methods: new Set([...METHODS.map(({ name }) => name), ...OAUTH_METHODS]),
    hasTeam: (team) => mailboxes.find(team) !== undefined,
    createTeam: () => mailboxes.ensure().address,
    controls: (app) => registerGmailControls(app, mailboxes),
    routes: (app) => registerRoutes(app, deps),
    webhooks: gmailWebhooks(machinery, mailboxes),
  };
};

function registerRoutes(app: FastifyInstance, deps: GmailDeps): void {
  registerGoogleOAuth(app, deps);
  app.get('/oauth2/v3/certs', () => publicKeys());
  for (const method of METHODS) {
    app.route<ApiRoute>({
      method: method.verb,
      url: `/gmail/v1/users/me${method.path}`,
      handler: (request, reply) => answerApi(deps, method, request, reply),
    });
  }
  registerUpload(app, deps);
}

/** 35 MB: https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send */
const MAX_UPLOAD_BYTES = 36_700_160;

/** The mail itself as the body, at an address of its own. https://developers.google.com/workspace/gmail/api/guides/uploads */
function registerUpload(app: FastifyInstance, deps: GmailDeps): void {
  app.route<ApiRoute>({
    method: 'POST',
    url: `/upload/gmail/v1/users/me${messagesSend.path}`,
    bodyLimit: MAX_UPLOAD_BYTES,
    handler: async (request, reply) => {
      const { uploadType, ...query } = request.query;
      const isMail = uploadType === 'media' && request.headers['content-type'] === 'message/rfc822';
      request.query = query;
      request.body = isMail ? JSON.stringify({ raw: Buffer.from(request.body ?? '').toString('base64url') }) : '{}';
      return answerApi(deps, messagesSend, request, reply);
    },
  });
}
