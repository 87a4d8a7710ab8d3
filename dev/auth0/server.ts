import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * Auth0's token endpoint as far as Token Vault's exchange of a refresh token goes, for tests. A request that is not as
 * documented is refused as Auth0 would:
 * https://auth0.com/docs/api/authentication/token-vault-token-exchange/get-token
 */
export interface Auth0Server {
  readonly url: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** A user who has connected an account; gives Auth0's refresh token. */
  connectAccount(account: ConnectedAccount): string;
  /** The user, or Auth0, ends the refresh token. */
  revoke(refreshToken: string): void;
  /** The user takes the account away from Auth0; the refresh token stays good for others. */
  disconnectAccount(refreshToken: string, connection: string): void;
  /** The next answers: `away` closes the connection, a number is the status of an answer without JSON. */
  next(...faults: ('away' | number)[]): void;
  /** How many tokens were given. */
  given(): number;
  close(): Promise<void>;
}

export interface ConnectedAccount {
  connection: string;
  /** What the provider gave Auth0, each time it is asked. */
  accessToken: () => string;
  scope?: string;
  expiresInSeconds: number;
}

const GRANT_TYPE = 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token';
const SUBJECT_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:refresh_token';
const REQUESTED_TOKEN_TYPE = 'http://auth0.com/oauth/token-type/federated-connection-access-token';
const PARAMETERS = new Set([
  'grant_type',
  'client_id',
  'client_secret',
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'connection',
  'login_hint',
]);

interface Said {
  status: number;
  body: object;
}

export async function startAuth0(): Promise<Auth0Server> {
  const client = { id: `app_${randomBytes(8).toString('hex')}`, secret: randomBytes(32).toString('base64url') };
  const users = new Map<string, Map<string, ConnectedAccount>>();
  const connections = new Set<string>();
  const faults: ('away' | number)[] = [];
  let given = 0;

  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const body = await text(request);
      const fault = faults.shift();
      if (fault === 'away') return void request.socket.destroy();
      if (fault !== undefined) return void response.writeHead(fault).end('<html></html>');
      const said = isToTokenEndpoint(request) ? exchange(new URLSearchParams(body)) : refuse(404, 'not_found', 'Not found.');
      response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body));
    };
    answer().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function exchange(form: URLSearchParams): Said {
    const unknown = [...form.keys()].find((name) => !PARAMETERS.has(name) || form.getAll(name).length !== 1);
    if (unknown !== undefined) return refuse(400, 'invalid_request', `Unexpected parameter ${unknown}.`);
    if (form.get('client_id') !== client.id) return refuse(401, 'invalid_client', 'Client authentication failed.');
    // A public client may not ask for this grant.
    if (!isSecret(form.get('client_secret'))) return refuse(401, 'access_denied', 'Unauthorized');
    if (form.get('grant_type') !== GRANT_TYPE) return refuse(403, 'unsupported_grant_type', 'Unsupported grant type.');
    if (form.get('subject_token_type') !== SUBJECT_TOKEN_TYPE) return refuse(400, 'invalid_request', 'Bad subject_token_type.');
    if (form.get('requested_token_type') !== REQUESTED_TOKEN_TYPE) {
      return refuse(400, 'invalid_request', 'Bad requested_token_type.');
    }
    return forUser(form.get('subject_token') ?? '', form.get('connection') ?? '');
  }

  function forUser(refreshToken: string, connection: string): Said {
    const accounts = users.get(refreshToken);
    if (!accounts) return refuse(403, 'invalid_grant', 'Unknown or invalid refresh token.');
    if (!connections.has(connection)) return refuse(400, 'invalid_request', 'the connection was not found');
    const account = accounts.get(connection);
    if (!account) return refuse(401, 'federated_connection_refresh_token_not_found', 'No account of this connection.');
    given += 1;
    const { accessToken, expiresInSeconds: expires_in, scope } = account;
    const issued = { access_token: accessToken(), token_type: 'Bearer', issued_token_type: REQUESTED_TOKEN_TYPE };
    return { status: 200, body: { ...issued, expires_in, ...(scope !== undefined && { scope }) } };
  }

  function isSecret(word: string | null): boolean {
    const [a, b] = [Buffer.from(word ?? ''), Buffer.from(client.secret)];
    return a.length === b.length && timingSafeEqual(a, b);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    client,
    connectAccount: (account) => {
      const refreshToken = `v1.${randomBytes(32).toString('base64url')}`;
      connections.add(account.connection);
      users.set(refreshToken, new Map([[account.connection, account]]));
      return refreshToken;
    },
    revoke: (refreshToken) => void users.delete(refreshToken),
    disconnectAccount: (refreshToken, connection) => void users.get(refreshToken)?.delete(connection),
    next: (...more) => void faults.push(...more),
    given: () => given,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isToTokenEndpoint({ method, url, headers }: IncomingMessage): boolean {
  return method === 'POST' && url === '/oauth/token' && headers['content-type'] === 'application/x-www-form-urlencoded';
}

function refuse(status: number, error: string, error_description: string): Said {
  return { status, body: { error, error_description } };
}
