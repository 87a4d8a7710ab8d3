import { connectedAnswer } from '../../cli/client/answers/connecthub.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import type { SandboxClient } from '../../dev/sandbox/client.ts';
import type { ProviderId } from '../../dev/sandbox/providers.ts';

export interface Consent {
  /** Slack when absent. */
  provider?: ProviderId;
  /** An account that stands already; a fresh one otherwise. */
  team?: string;
  /** Scopes that the person does not allow. */
  without?: readonly string[];
}

/** Connects an account through ConnectHub's OAuth flow, with what the person at the consent page allows. */
export async function connectAccount(
  client: ClancyClient,
  sandbox: SandboxClient,
  { provider = 'slack', team: wanted, without = [] }: Consent,
): Promise<{ team: string; connectionId: string }> {
  const team = wanted ?? (await sandbox.createAccount(provider));
  const { url } = await client.connections.launch(provider);
  const opened = await fetch(url, { redirect: 'manual' });
  const consentPage = new URL(opened.headers.get('location') ?? '');
  const cookie = opened.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  if (provider === 'slack') {
    const scopes = (consentPage.searchParams.get('scope') ?? '').split(',').filter((scope) => !without.includes(scope));
    consentPage.searchParams.set('scope', scopes.join(','));
  }
  const callback = await sandbox.authorize(consentPage.href, { team, ...(provider !== 'slack' && { untick: without }) });
  const arrived = await fetch(callback, { headers: { cookie: cookie.join('; '), accept: 'application/json' } });
  const { connection_id: connectionId } = connectedAnswer.parse(await arrived.json());
  return { team, connectionId };
}
