import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';
import { clientProblem, readClient } from '../core/client-auth.ts';
import type { TokenGrant } from '../core/tokens.ts';
import type { Consent, GoogleOAuthDeps } from './deps.ts';
import { signIdToken } from './id-token.ts';

/** A refusal of a token endpoint (RFC 6749, 5.2). */
class OAuthError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const fieldsSchema = z.strictObject({
  grant_type: z.string(),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
  code_verifier: z.string().optional(),
  refresh_token: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
});
type Fields = z.infer<typeof fieldsSchema>;

export interface TokenRequest {
  authorization: string | undefined;
  form: string;
  /** Under which the sandbox was asked: the issuer of its id tokens. */
  issuer: string;
}

/** `https://oauth2.googleapis.com/token`: a code with its verifier, or a refresh token, for an access token. */
export function answerToken(deps: GoogleOAuthDeps, request: TokenRequest): Answer {
  try {
    const fields = fieldsSchema.safeParse(Object.fromEntries(new URLSearchParams(request.form)));
    if (!fields.success) throw new OAuthError('invalid_request');
    if (clientProblem(deps.client, readClient(request.authorization, fields.data))) throw new OAuthError('invalid_client');
    return jsonAnswer(200, grant(deps, fields.data, request.issuer));
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return renderOAuthError(error.code);
  }
}

export function renderOAuthError(error: string): Answer {
  return jsonAnswer(error === 'invalid_client' ? 401 : 400, { error, error_description: 'Bad Request' });
}

function grant(deps: GoogleOAuthDeps, fields: Fields, issuer: string): Record<string, unknown> {
  if (fields.grant_type === 'refresh_token') return refresh(deps, fields.refresh_token ?? '', issuer);
  if (fields.grant_type !== 'authorization_code') throw new OAuthError('unsupported_grant_type');
  const redeemed = deps.codes.redeem(fields.code ?? '', fields.redirect_uri);
  if ('error' in redeemed)
    throw new OAuthError(redeemed.error === 'bad_redirect_uri' ? 'redirect_uri_mismatch' : 'invalid_grant');
  const { consent } = redeemed;
  const challenge = createHash('sha256')
    .update(fields.code_verifier ?? '')
    .digest('base64url');
  if (challenge !== consent.challenge) throw new OAuthError('invalid_grant');
  return { ...issueFor(deps, consent), ...idTokenOf(deps, consent, issuer) };
}

function issueFor(deps: GoogleOAuthDeps, consent: Consent): Record<string, unknown> {
  const { tokens } = deps.machinery;
  const grantId = tokens.newGrantId();
  const held: TokenGrant = {
    provider: deps.provider,
    team: consent.team,
    subject: consent.team,
    subjectType: 'user',
    scopes: consent.scopes,
  };
  const value = `1//${randomBytes(48).toString('base64url')}`;
  if (consent.isOffline) tokens.add({ ...held, value, kind: 'refresh', grantId, expiresAtMs: null });
  return { ...accessToken(deps, held, grantId), ...(consent.isOffline && { refresh_token: value }) };
}

function accessToken({ machinery, ensureAccount }: GoogleOAuthDeps, held: TokenGrant, grantId: string): Record<string, unknown> {
  const lifetimeS = ensureAccount(held.team).tokenLifetimeS;
  const value = `ya29.${randomBytes(60).toString('base64url')}`;
  machinery.tokens.add({ ...held, value, kind: 'access', grantId, expiresAtMs: machinery.now() + lifetimeS * 1_000 });
  return { access_token: value, expires_in: lifetimeS, scope: held.scopes.join(' '), token_type: 'Bearer' };
}

/** The refresh token stays as it is and is not told again. */
function refresh(deps: GoogleOAuthDeps, value: string, issuer: string): Record<string, unknown> {
  const stored = deps.machinery.tokens.find(value, 'refresh');
  if (stored?.state !== 'live') throw new OAuthError('invalid_grant');
  const { provider, team, subject, subjectType, scopes, grantId } = stored;
  return {
    ...accessToken(deps, { provider, team, subject, subjectType, scopes }, grantId),
    ...idTokenOf(deps, { team, scopes }, issuer),
  };
}

function idTokenOf({ client, machinery }: GoogleOAuthDeps, held: { team: string; scopes: readonly string[] }, issuer: string) {
  if (!held.scopes.includes('openid')) return {};
  return { id_token: signIdToken({ issuer, clientId: client.clientId, email: held.team }, machinery.now()) };
}
