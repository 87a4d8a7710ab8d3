import { timingSafeEqual } from 'node:crypto';

/** An application's client at a provider. */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

type PostedClient = { client_id?: string | undefined; client_secret?: string | undefined };

/** Who asks at a token endpoint: HTTP Basic, form-decoded as RFC 6749, 2.3.1 wants it, or the body's fields. */
export function readClient(authorization: string | undefined, posted: PostedClient = {}): ClientCredentials {
  const basic = readBasic(authorization);
  return {
    clientId: basic?.clientId ?? posted.client_id ?? '',
    clientSecret: basic?.clientSecret ?? posted.client_secret ?? '',
  };
}

/** What is wrong with a client, if anything. */
export function clientProblem(
  expected: ClientCredentials,
  given: ClientCredentials,
): 'unknown_client' | 'bad_secret' | undefined {
  if (given.clientId !== expected.clientId) return 'unknown_client';
  return isSame(given.clientSecret, expected.clientSecret) ? undefined : 'bad_secret';
}

function readBasic(header: string | undefined): ClientCredentials | undefined {
  const encoded = header?.match(/^Basic ([A-Za-z0-9+/=]+)$/i)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { clientId: formDecode(text.slice(0, colon)), clientSecret: formDecode(text.slice(colon + 1)) };
}

function formDecode(text: string): string {
  return new URLSearchParams(`v=${text}`).get('v') ?? '';
}

const isSame = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
