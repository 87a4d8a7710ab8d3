import { z } from 'zod';
import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';
import type { EffectDetails } from '../core/effects.ts';
import type { StoredToken } from '../core/tokens.ts';
import type { Machinery } from '../core/machinery.ts';
import type { Company } from './company.ts';
import { find } from './company.ts';
import { QuickBooksFault, renderFault, throttled, tokenFault, unsupported } from './faults.ts';
import { runQuery } from './query.ts';
import { agedReceivables, profitAndLoss } from './reports.ts';
import { sendInvoice, WRITES } from './writes.ts';

/** What a request to `/v3/company/{realm}/...` is, in words that faults and barriers name. */
export function methodOf(verb: string, path: string): string | undefined {
  const [first = '', second, third] = path.split('/');
  const isRead = verb === 'GET';
  if (first === 'query' && second === undefined && isRead) return 'query';
  if (first === 'companyinfo' && isRead) return 'companyinfo';
  if (first === 'reports' && isRead && REPORTS.has(second ?? '')) return `report.${second}`;
  if (!(first in WRITES)) return undefined;
  if (isRead) return second !== undefined && third === undefined ? `${first}.read` : undefined;
  if (first === 'invoice' && third === 'send') return 'invoice.send';
  return second === undefined ? `${first}.create` : undefined;
}

const REPORTS = new Map([
  ['ProfitAndLoss', profitAndLoss],
  ['AgedReceivables', agedReceivables],
]);

export const METHODS: ReadonlySet<string> = new Set([
  'query',
  'companyinfo',
  ...[...REPORTS.keys()].map((name) => `report.${name}`),
  ...Object.keys(WRITES).flatMap((name) => [`${name}.read`, `${name}.create`]),
  'invoice.send',
]);

export interface AccountingCall {
  verb: string;
  /** Below the company. */
  path: string;
  query: Record<string, unknown>;
  contentType: string | undefined;
  body: string;
  realmId: string;
  bearer: string | undefined;
}

export interface AccountingDeps {
  machinery: Machinery;
  company: Company | undefined;
  recordEffect: (details: EffectDetails) => void;
}

/** One request, from its token to its answer. */
export function account(deps: AccountingDeps, call: AccountingCall): Answer {
  const time = () => deps.company?.time() ?? new Date(deps.machinery.now()).toISOString();
  try {
    const company = requireAccess(deps, call);
    limit(company, deps.machinery.now());
    const { minorversion, ...query } = call.query;
    if (minorversion !== '75') throw unsupported('minorversion=75 is missing');
    return jsonAnswer(200, { ...perform(deps, company, { ...call, query }), time: time() });
  } catch (error) {
    if (!(error instanceof QuickBooksFault)) throw error;
    return renderFault(error, time());
  }
}

function requireAccess({ machinery, company }: AccountingDeps, call: AccountingCall): Company {
  const token: StoredToken | undefined = machinery.tokens.find(call.bearer ?? '', 'access');
  if (token === undefined || token.state !== 'live')
    throw tokenFault('message=AuthenticationFailed; errorCode=003200; statusCode=401');
  if (token.expiresAtMs !== null && token.expiresAtMs <= machinery.now())
    throw tokenFault('message=TokenExpired; errorCode=003200');
  if (company === undefined || token.team !== call.realmId)
    throw new QuickBooksFault('003100', 'message=ApplicationAuthorizationFailed', { status: 403, type: 'AuthorizationFault' });
  return company;
}

/** 500 a minute for each company, and as many a second as the company was told to allow. */
const PER_MINUTE = 500;

function limit(company: Company, nowMs: number): void {
  const { requestTimes, requestsPerSecond = PER_MINUTE } = company;
  while ((requestTimes[0] ?? nowMs) <= nowMs - 60_000) requestTimes.shift();
  const lastSecond = requestTimes.filter((at) => at > nowMs - 1_000).length;
  if (requestTimes.length >= PER_MINUTE || lastSecond >= requestsPerSecond) throw throttled();
  requestTimes.push(nowMs);
}

type Answered = Record<string, unknown>;

function perform(deps: AccountingDeps, company: Company, call: AccountingCall): Answered {
  const [first = '', second = '', third] = call.path.split('/');
  const method = methodOf(call.verb, call.path);
  if (method === undefined) throw new QuickBooksFault('500', `Unsupported Operation: ${call.verb} ${call.path}`);
  if (method === 'query') return { QueryResponse: runQuery(company, textOf(exactly(call.query, 'query')['query'])) };
  if (method === 'companyinfo') return { CompanyInfo: { CompanyName: company.name, Id: '1', Country: 'US' } };
  const report = first === 'reports' ? REPORTS.get(second) : undefined;
  if (report) return report(company, call.query);
  const { entity = 'Invoice', write } = WRITES[first] ?? {};
  if (call.verb === 'GET') return { [entity]: structuredClone(find(company, entity, second)) };
  if (third === 'send') return send(deps, company, second, call);
  return once(company, call, () => {
    if (call.contentType !== 'application/json') throw unsupported(`Content-Type ${call.contentType}`);
    const made = write?.(company, parseJson(call.body));
    deps.recordEffect({ native_key: textOf(call.query['requestid']), entity, id: made?.Id, object: structuredClone(made) });
    return { [entity]: structuredClone(made) };
  });
}

/** A request id that was answered before is answered with that again, and nothing is done. Failures are not kept. */
function once(company: Company, call: AccountingCall, work: () => Answered): Answered {
  const requestId = z.string().min(1).max(50).optional().safeParse(exactly(call.query, 'requestid')['requestid']);
  if (!requestId.success) throw unsupported('requestid: at most 50 characters');
  const known = requestId.data === undefined ? undefined : company.answered.get(requestId.data);
  if (known !== undefined) return structuredClone(known) as Answered;
  const made = work();
  if (requestId.data !== undefined) company.answered.set(requestId.data, structuredClone(made));
  return made;
}

/** Intuit says of request ids nothing about mails: the worst is taken for true, each request sends one. */
function send(deps: AccountingDeps, company: Company, id: string, call: AccountingCall): Answered {
  const { sendTo, requestid } = exactly(call.query, 'sendTo', 'requestid');
  if (call.contentType !== 'application/octet-stream') throw unsupported(`Content-Type ${call.contentType}`);
  const invoice = sendInvoice(company, id, sendTo === undefined ? undefined : textOf(sendTo));
  deps.recordEffect({ native_key: textOf(requestid), entity: 'Invoice', id, object: structuredClone(invoice) });
  return { Invoice: structuredClone(invoice) };
}

/** A query parameter that is not known fails, so that a misspelt one cannot pass unnoticed. */
function exactly(query: Record<string, unknown>, ...known: string[]): Record<string, unknown> {
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw unsupported(unknown.join(', '));
  return query;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unsupported('the body is no JSON');
  }
}
