import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type AccountClaims, type ClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { createGate, type Gate } from './gate.ts';
import { createStore, type Store } from './store.ts';

export interface Judge {
  readonly url: string;
  readonly gate: Gate;
  /** About refreshes: `granted`, or its word for a no. */
  readonly decisions: readonly string[];
  /** Every access token that there is ends now. */
  endAccessTokens(): void;
  /**
   * How long a refresh token that was used once may be used again, as Auth0's reuse interval and Okta's grace period have
   * it. None at first: the second use revokes the grant.
   */
  setLeeway(ms: number): void;
  close(): Promise<void>;
}

export interface JudgeOptions {
  client: { id: string; secret: string };
  redirectUri: string;
}

const SCOPE = 'openid email https://www.googleapis.com/auth/gmail.readonly';
const CONSENT = '/o/oauth2/v2/auth';
const MESSAGES = '/gmail/v1/users/me/messages';

/**
 * `oidc-provider` in Gmail's place: a certified authorization server that rotates refresh tokens and revokes the grant of
 * one that is used twice. Its own are the token endpoint and the tokens; the consent page is a person who says yes, and
 * the protected resource an empty mailbox that answers 401 to whoever has no token.
 */
export async function startJudge(options: JudgeOptions): Promise<Judge> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = createStore();
  const provider = new Provider(url, configuration(options, store));
  const gate = createGate();
  const decisions: string[] = [];
  provider.use(async (ctx, next) => {
    if (ctx.path !== '/token') return next();
    if ((await gate.pass('before')) === 'drop') return void (ctx.respond = false);
    await next();
    await gate.pass('after');
  });
  const see = (ctx: KoaContextWithOIDC, outcome: string) => {
    if (ctx.oidc.params?.['grant_type'] === 'refresh_token') decisions.push(outcome);
  };
  provider.on('grant.success', (ctx) => see(ctx, 'granted'));
  provider.on('grant.error', (ctx, error) => see(ctx, error.error));
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', url);
    if (pathname === CONSENT) void consent(provider, options, request, response);
    else if (pathname === MESSAGES) void read(provider, request, response);
    else void answer(request, response);
  });
  return {
    url,
    gate,
    decisions,
    endAccessTokens: () => store.drop('AccessToken'),
    setLeeway: store.setLeeway,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function configuration({ client, redirectUri }: JudgeOptions, store: Store): Configuration {
  const metadata: ClientMetadata = {
    client_id: client.id,
    client_secret: client.secret,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
  };
  return {
    adapter: store.adapter,
    clients: [metadata],
    scopes: SCOPE.split(' '),
    claims: { email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    // Google's paths, so that the development base URL of Gmail leads here.
    routes: { token: '/token', revocation: '/revoke' },
    features: { revocation: { enabled: true }, devInteractions: { enabled: false } },
    issueRefreshToken: () => true,
    rotateRefreshToken: () => true,
    ttl: { AccessToken: 3_600, RefreshToken: 86_400, Grant: 86_400, AuthorizationCode: 60, IdToken: 3_600 },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: (): AccountClaims => ({ sub, email: sub, email_verified: true }) }),
  };
}

/** The consent page with a person who says yes at once: a grant of its own each time. */
async function consent(
  provider: Provider,
  { client }: JudgeOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const query = new URL(request.url ?? '/', 'http://judge').searchParams;
  const accountId = query.get('team') ?? 'somebody@millrace.example';
  const grant = new provider.Grant({ accountId, clientId: client.id });
  grant.addOIDCScope(SCOPE);
  const grantId = await grant.save();
  const found = await provider.Client.find(client.id);
  if (!found) throw new Error('the judge has no such client');
  const redirectUri = query.get('redirect_uri') ?? '';
  const code = await new provider.AuthorizationCode({
    accountId,
    client: found,
    grantId,
    redirectUri,
    scope: SCOPE,
    gty: 'authorization_code',
    codeChallenge: query.get('code_challenge') ?? '',
    codeChallengeMethod: 'S256',
    authTime: Math.floor(Date.now() / 1_000),
  }).save();
  const location = new URL(redirectUri);
  location.searchParams.set('code', code);
  location.searchParams.set('state', query.get('state') ?? '');
  location.searchParams.set('iss', provider.issuer);
  response.writeHead(302, { location: location.href }).end();
}

async function read(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = await provider.AccessToken.find((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  response.writeHead(token ? 200 : 401, { 'content-type': 'application/json' }).end(token ? '{"messages":[]}' : '{}');
}
