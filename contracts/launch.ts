import { parseCapability } from './ids.ts';

/** What an account is to be connected for. */
export interface LaunchRequest {
  /** Qualified; those of other providers are left out. None = all that the provider has. */
  capabilities: readonly string[];
  /** The connection that is to be able to do more. */
  connectionId?: string | undefined;
  /** Where the person is led when all is done. */
  returnTo?: string | undefined;
}

/** Path of ConnectHub at which a person gets the address that connects an account of this provider for that. */
export function launchPath(provider: string, { capabilities, connectionId }: LaunchRequest): string {
  const names = capabilities
    .map((name) => parseCapability(name))
    .flatMap((one) => (one?.provider === provider ? one.capability : []));
  const query = new URLSearchParams();
  if (names.length > 0) query.set('capabilities', names.join(','));
  if (connectionId !== undefined) query.set('connection_id', connectionId);
  // Commas may stand in a query as they are (RFC 3986, 3.4), and are easier to read so.
  return `/oauth/launch/${provider}${query.size > 0 ? `?${query.toString().replaceAll('%2C', ',')}` : ''}`;
}
