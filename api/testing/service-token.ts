import type { ServiceName } from '../../platform/auth/principal.ts';
import { createClientCredentialsSource, type ServiceTokenSource } from '../../platform/auth/service-token.ts';
import type { TestCore } from './agent-core.ts';

type Issued = Pick<TestCore, 'issuers'>;

/** Tokens of one of our own processes, had as it has them. */
export function tokensOf({ issuers }: Issued, service: ServiceName): ServiceTokenSource {
  const { COGNITO_TOKEN_URL, COGNITO_CLIENT_ID, COGNITO_CLIENT_SECRET } = issuers.environment.services[service];
  return createClientCredentialsSource({
    tokenUrl: COGNITO_TOKEN_URL,
    clientId: COGNITO_CLIENT_ID,
    clientSecret: COGNITO_CLIENT_SECRET,
  });
}

/** One of them. */
export async function serviceToken(core: Issued, service: ServiceName): Promise<{ token: string }> {
  return { token: await tokensOf(core, service).token() };
}
