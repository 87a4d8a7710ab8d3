import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { exchange } from '../core/exchange.ts';
import { requireLive, requireScope } from '../google/access.ts';
import { GoogleError, answering, invalid, renderError, renderStatus } from '../google/errors.ts';
import type { GmailDeps } from './deps.ts';
import { QUOTA } from './mailbox.ts';
import type { GmailMethod } from './methods/method.ts';
import { parseMail } from './parse-mail.ts';
import type { ParsedMail } from './parse-mail.ts';

export interface ApiRoute {
  Params: { id?: string };
  Querystring: Record<string, string>;
  Body: string | undefined;
}

/** Answers one request of the API. */
export async function answerApi(
  deps: GmailDeps,
  method: GmailMethod,
  request: FastifyRequest<ApiRoute>,
  reply: FastifyReply,
): Promise<void> {
  const { machinery } = deps;
  const bearer = request.headers.authorization?.match(/^Bearer (\S+)$/i)?.[1];
  const body = readJson(request.body);
  // Reading a mail takes a moment; the effect itself must be one step.
  const mail = method.rawIn && (await attempt(() => parseMail(method.rawIn?.(body))));
  const requestId = randomUUID();
  reply.hijack();
  await exchange(
    machinery,
    {
      provider: 'gmail',
      team: bearer === undefined ? null : (machinery.tokens.find(bearer, 'access')?.team ?? null),
      method: method.name,
      requestId,
      args: { ...request.params, ...request.query },
      // https://developers.google.com/workspace/gmail/api/reference/quota: of each user.
      limits: [{ key: 'units', units: method.units, most: QUOTA, perMs: 60_000 }],
      act: () => answering(() => run(deps, method, { bearer, requestId, body, mail, request })),
      renderStatus,
      renderError,
    },
    reply.raw,
  );
}

interface Incoming {
  bearer: string | undefined;
  requestId: string;
  body: unknown;
  mail: (() => ParsedMail) | undefined;
  request: FastifyRequest<ApiRoute>;
}

function run(deps: GmailDeps, method: GmailMethod, { bearer, requestId, body, mail, request }: Incoming) {
  const { machinery, mailboxes, quota } = deps;
  const token = requireLive(deps, bearer);
  const mailbox = mailboxes.find(token.team);
  if (mailbox === undefined) throw new GoogleError(401, 'authError', 'Invalid Credentials');
  requireScope(token, method.scopes);
  quota.spend(mailbox, method.units);
  const source = { provider: 'gmail', team: mailbox.address, method: method.name, request_id: requestId };
  return method.call({
    mailbox,
    id: request.params.id ?? '',
    query: request.query,
    body,
    mail: () => {
      if (mail === undefined) throw new Error(`${method.name} takes no mail`);
      return mail();
    },
    now: machinery.now,
    recordEffect: (details) => machinery.effects.record(source, details),
  });
}

function readJson(body: string | undefined): unknown {
  if (body === undefined || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What came of the work, for a moment at which nothing may be waited for. */
async function attempt<T>(work: () => Promise<T>): Promise<() => T> {
  try {
    const done = await work();
    return () => done;
  } catch (error) {
    return () => {
      throw error instanceof GoogleError ? error : invalid(String(error));
    };
  }
}
