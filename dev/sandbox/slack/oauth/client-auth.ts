import { timingSafeEqual } from 'node:crypto';
import { SlackError } from '../errors.ts';

export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

/** HTTP Basic, form-decoded as RFC 6749, 2.3.1 wants it. */
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

/** Checks who exchanges: by HTTP Basic or by the body's fields. */
export function requireClient(
  expected: ClientCredentials,
  authorization: string | undefined,
  posted: { client_id?: string | undefined; client_secret?: string | undefined },
): void {
  const basic = readBasic(authorization);
  const clientId = basic?.clientId ?? posted.client_id ?? '';
  const clientSecret = basic?.clientSecret ?? posted.client_secret ?? '';
  if (clientId !== expected.clientId) throw new SlackError('invalid_client_id');
  if (!isSame(clientSecret, expected.clientSecret)) throw new SlackError('bad_client_secret');
}
