import { clientProblem, readClient } from '../../core/client-auth.ts';
import type { ClientCredentials } from '../../core/client-auth.ts';
import { SlackError } from '../errors.ts';

/** Checks who exchanges: by HTTP Basic or by the body's fields. */
export function requireClient(
  expected: ClientCredentials,
  authorization: string | undefined,
  posted: { client_id?: string | undefined; client_secret?: string | undefined },
): void {
  const problem = clientProblem(expected, readClient(authorization, posted));
  if (problem === 'unknown_client') throw new SlackError('invalid_client_id');
  if (problem === 'bad_secret') throw new SlackError('bad_client_secret');
}
