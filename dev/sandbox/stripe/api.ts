import { z } from 'zod';
import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';
import { isSecret } from './oauth.ts';
import type { StripeDeps } from './oauth.ts';
import type { Account } from './account.ts';
import { InvalidParameters, renderFailure, StripeError } from './errors.ts';
import { parseForm } from './form.ts';
import type { StripeMethod } from './methods/method.ts';

export interface ApiCall {
  method: StripeMethod;
  requestId: string;
  id: string;
  /** The query of what reads, the body of what writes, as they came. */
  text: string;
  contentType: string | undefined;
  /** Headers that mean something. */
  bearer: string | undefined;
  onBehalfOf: string | undefined;
  version: string | undefined;
  idempotencyKey: string | undefined;
}

/** The account that a request is about: its token's, or the one that the platform names. Undefined: nobody's. */
export function accountOf(
  { machinery, client, accounts }: StripeDeps,
  call: Pick<ApiCall, 'bearer' | 'onBehalfOf'>,
): Account | undefined {
  const { bearer = '', onBehalfOf } = call;
  if (isSecret(client, bearer)) return accounts.find(onBehalfOf ?? '');
  return accounts.find(machinery.tokens.find(bearer, 'access')?.team ?? '');
}

/** One request, from its token to its answer. */
export function answerApi(deps: StripeDeps, call: ApiCall): Answer {
  const common = { 'request-id': call.requestId, ...(call.version !== undefined && { 'stripe-version': call.version }) };
  try {
    const account = requireAccess(deps, call);
    if (call.version !== undefined && !/^\d{4}-\d{2}-\d{2}(\.\w+)?$/.test(call.version))
      throw new InvalidParameters(`Invalid Stripe API version: ${call.version}`);
    const answer = once(deps, account, call);
    return { ...answer, headers: { ...answer.headers, ...common } };
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return renderFailure(error, common);
  }
}

function requireAccess(deps: StripeDeps, call: ApiCall): Account {
  const account = accountOf(deps, call);
  const refused = new StripeError('Application access may have been revoked.', { status: 403, code: 'account_invalid' });
  if (isSecret(deps.client, call.bearer ?? '')) {
    if (account === undefined) throw refused;
    return account;
  }
  const token = deps.machinery.tokens.find(call.bearer ?? '', 'access');
  if (token === undefined || account === undefined) throw new StripeError('Invalid API Key provided.', { status: 401 });
  if (token.state !== 'live') throw refused;
  if (token.expiresAtMs !== null && token.expiresAtMs <= deps.machinery.now())
    throw new StripeError('Expired API Key provided.', { status: 401, code: 'api_key_expired' });
  return account;
}

const KEPT_MS = 24 * 3_600_000;

/**
 * https://docs.stripe.com/api/idempotent_requests: what an endpoint has answered under a key is answered again, failures
 * too, for 24 hours; with other parameters the key is refused, and so is one whose request is still under way.
 */
function once(deps: StripeDeps, account: Account, call: ApiCall): Answer {
  const { idempotencyKey: key, requestId, method } = call;
  if (key === undefined || method.verb !== 'POST') return perform(deps, account, call);
  if (key.length > 255) throw new InvalidParameters('Idempotency keys are up to 255 characters long.');
  const nowMs = deps.machinery.now();
  const echo = { 'idempotency-key': key };
  const fingerprint = JSON.stringify([method.name, call.id, parseForm(call.text)]);
  const kept = account.kept.get(key);
  if (kept && nowMs - kept.atMs < KEPT_MS) {
    if (kept.fingerprint !== fingerprint) throw misused(key);
    const replayed = { ...echo, 'idempotent-replayed': 'true', 'original-request': kept.requestId };
    return { ...kept.answer, headers: { ...kept.answer.headers, ...replayed } };
  }
  if ((account.inUse.get(key) ?? requestId) !== requestId)
    throw new StripeError('There is currently another in-progress request using this Idempotent Key.', {
      status: 409,
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
    });
  const answer = perform(deps, account, call);
  account.kept.set(key, { fingerprint, requestId, answer, atMs: nowMs });
  return { ...answer, headers: { ...answer.headers, ...echo } };
}

function misused(key: string): StripeError {
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with (${key}).`;
  return new InvalidParameters(message, { type: 'idempotency_error' });
}

/** @throws InvalidParameters for what no endpoint is begun for */
function perform({ machinery }: StripeDeps, account: Account, call: ApiCall): Answer {
  const { method, requestId, id, idempotencyKey = null } = call;
  const source = { provider: 'stripe', team: account.id, method: method.name, request_id: requestId };
  const params = readParams(call);
  try {
    const body = method.call({
      account,
      id,
      params,
      done: (type, object, details = {}) => {
        machinery.effects.record(source, {
          native_key: idempotencyKey ?? '',
          id: object.id,
          object: structuredClone(object),
          ...details,
        });
        const request = { id: requestId, idempotency_key: idempotencyKey };
        account.add('event', { type, request, data: { object: structuredClone(object) }, pending_webhooks: 0 });
      },
    });
    return jsonAnswer(200, body);
  } catch (error) {
    if (!(error instanceof StripeError) || error instanceof InvalidParameters) throw error;
    return renderFailure(error);
  }
}

/** A parameter that is not known fails, as at Stripe: a misspelt one cannot pass unnoticed. */
function readParams({ method, text, contentType }: ApiCall): unknown {
  if (text !== '' && method.verb === 'POST' && contentType?.split(';')[0] !== 'application/x-www-form-urlencoded')
    throw new InvalidParameters(`Invalid request: unsupported content type ${contentType}`);
  const parsed = method.params.safeParse(parseForm(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const isUnknown = issue?.code === 'unrecognized_keys';
  const path = [...(issue?.path ?? []), ...(isUnknown ? issue.keys : [])].map(String);
  const code = isUnknown ? 'parameter_unknown' : 'parameter_missing';
  throw new InvalidParameters(z.prettifyError(parsed.error), { code, param: path.join('.') });
}
