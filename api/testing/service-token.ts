import type { ServiceName } from '../../platform/auth/principal.ts';
import type { TestCore } from './agent-core.ts';

/** A token of one of our own processes, as its issuer gives it. */
export async function serviceToken({ issuers }: Pick<TestCore, 'issuers'>, service: ServiceName): Promise<{ token: string }> {
  const { COGNITO_CLIENT_ID: id, COGNITO_CLIENT_SECRET: secret, COGNITO_TOKEN_URL: url } = issuers.environment.services[service];
  const issued = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return { token: ((await issued.json()) as { access_token: string }).access_token };
}
