import { ClancyError } from '../../../contracts/errors.ts';
import { fileReferencesIn } from '../../../contracts/files.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiRequest, EffectCapability, LookupContext, RequestContext } from '../definition.ts';
import { readBody, text, texts } from '../parameters.ts';
import { encodedSize } from './attachments.ts';
import { gmailUnitsOf } from './limits.ts';
import { buildMail, buildMailText, type Mail } from './mail.ts';
import { messageIdOf, searchFor } from './message-id.ts';
import { asReply } from './reply-to.ts';
import {
  ATTACHMENTS_PARAMETER,
  BODY_PARAMETER,
  CC_PARAMETER,
  DRAFTED,
  EMAIL_ID_PARAMETER,
  objectSchema,
  SENT,
  SUBJECT_PARAMETER,
  TO_PARAMETER,
} from './schemas.ts';
import { COMPOSE, READ, SEND } from './scopes.ts';
import { draftsSchema, foundSchema, stubSchema } from './wire.ts';

const TIMEOUT_MS = 15_000;
/** A mail that was on its way is in the search by then: the index follows the mailbox by seconds. */
const SETTLE_MS = 15_000;

const NEW_MAIL = objectSchema({ to: TO_PARAMETER, cc: CC_PARAMETER, subject: SUBJECT_PARAMETER, body: BODY_PARAMETER }, [
  'to',
  'subject',
  'body',
]);

/** https://support.google.com/mail/answer/6584: of a whole mail, encoded. */
const MAX_MAIL_BYTES = 25 * 1024 * 1024;

function rawOf(parameters: JsonObject, context: RequestContext): string {
  return buildMail(mailOf(parameters, context));
}

function mailOf(parameters: JsonObject, context: RequestContext): Mail {
  return {
    to: text(parameters, 'to'),
    cc: texts(parameters, 'cc'),
    subject: text(parameters, 'subject'),
    body: text(parameters, 'body'),
    messageId: messageIdOf(context),
    references: texts(parameters, 'references'),
  };
}

/**
 * With files it goes to the address for uploads, as it is: in JSON it would be a third larger again. That address stands beside
 * the API's. https://developers.google.com/workspace/gmail/api/guides/uploads
 *
 * @throws ClancyError `parameters_invalid` where the mail is larger than Gmail takes
 */
function sendRequest(parameters: JsonObject, context: RequestContext): ApiRequest {
  const request = { method: 'messages/send', verb: 'POST', args: {} } as const;
  const references = fileReferencesIn(parameters);
  if (references.length === 0) return { ...request, body: { raw: rawOf(parameters, context) } };
  const attachments = references.map(({ blob, name, media_type: mediaType }) => {
    const content = context.files?.get(blob);
    if (!content) throw new Error('the files of a call were not fetched');
    return { name, mediaType, content };
  });
  const size = attachments.reduce((sum, { content }) => sum + encodedSize(content.length), 0);
  if (size > MAX_MAIL_BYTES) {
    throw new ClancyError('parameters_invalid', 'The attachments are more than 25 MB, encoded as in a mail.');
  }
  const content = (): string => buildMailText({ ...mailOf(parameters, context), attachments });
  const at = '../../../../upload/gmail/v1/users/me/messages/send?uploadType=media';
  return { ...request, upload: { at, mediaType: 'message/rfc822', content } };
}

function toSent(body: JsonObject): JsonObject {
  const { id, threadId } = readBody(stubSchema, body);
  return { id, thread_id: threadId };
}

/** The mail with our Message-ID, wherever it lies by now. */
async function findSent(_parameters: JsonObject, context: LookupContext): Promise<JsonObject | undefined> {
  const args = { q: searchFor(context), includeSpamTrash: true, maxResults: 2 };
  const hit = readBody(foundSchema, await context.reader.read('messages', args)).messages[0];
  return hit && { id: hit.id, thread_id: hit.threadId };
}

const SEND_UNITS = gmailUnitsOf({ verb: 'POST', method: 'messages/send' });

const sending = {
  version: 1,
  permission: 'email.write',
  risk: 'write' as const,
  timeoutMs: TIMEOUT_MS,
  settleMs: SETTLE_MS,
  summaryParameter: 'to',
};

export const emailSend: EffectCapability = {
  ...sending,
  capability: 'email.send',
  costUnits: SEND_UNITS,
  title: 'Send an email',
  description: 'Sends a new plain-text email to one address, with files if there are some.',
  scopes: [SEND],
  takesFiles: true,
  inputSchema: objectSchema(
    {
      to: TO_PARAMETER,
      cc: CC_PARAMETER,
      subject: SUBJECT_PARAMETER,
      body: BODY_PARAMETER,
      attachments: ATTACHMENTS_PARAMETER,
    },
    ['to', 'subject', 'body'],
  ),
  outputSchema: SENT,
  // https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send
  request: sendRequest,
  result: toSent,
  effectId: (result) => text(result, 'id'),
  lookup: { scopes: [READ], wantsKeptMarker: true, find: findSent },
};

export const emailReply: EffectCapability = {
  ...sending,
  capability: 'email.reply',
  costUnits: SEND_UNITS,
  title: 'Reply to an email',
  description: 'Replies in the thread of an email, to one of the people who are on it.',
  scopes: [SEND, READ],
  inputSchema: objectSchema({ id: EMAIL_ID_PARAMETER, to: TO_PARAMETER, body: BODY_PARAMETER }, ['id', 'to', 'body']),
  outputSchema: SENT,
  prepare: asReply,
  request: (parameters, context) => ({
    method: 'messages/send',
    verb: 'POST',
    args: {},
    body: { raw: rawOf(parameters, context), threadId: text(parameters, 'thread_id') },
  }),
  result: toSent,
  effectId: (result) => text(result, 'id'),
  lookup: { scopes: [READ], wantsKeptMarker: true, find: findSent },
};

export const emailDraft: EffectCapability = {
  ...sending,
  capability: 'email.draft',
  costUnits: gmailUnitsOf({ verb: 'POST', method: 'drafts' }),
  title: 'Save a draft',
  description: 'Saves a new email as a draft, for a person to look at and send.',
  scopes: [COMPOSE],
  inputSchema: NEW_MAIL,
  outputSchema: DRAFTED,
  // https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.drafts/create
  request: (parameters, context) => ({
    method: 'drafts',
    verb: 'POST',
    args: {},
    body: { message: { raw: rawOf(parameters, context) } },
  }),
  result: (body) => ({ draft_id: body['id'] ?? null, ...toSent(objectIn(body, 'message')) }),
  effectId: (result) => text(result, 'draft_id'),
  lookup: {
    scopes: [COMPOSE],
    wantsKeptMarker: true,
    find: async (_parameters, context) => {
      const args = { q: searchFor(context), maxResults: 2 };
      const hit = readBody(draftsSchema, await context.reader.read('drafts', args)).drafts[0];
      return hit && { draft_id: hit.id, id: hit.message.id, thread_id: hit.message.threadId };
    },
  },
};

function objectIn(body: JsonObject, name: string): JsonObject {
  const value = body[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
