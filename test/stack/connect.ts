import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import type { ConsentingPerson, SandboxClient } from '../../dev/sandbox/client.ts';
import type { ProviderId } from '../../dev/sandbox/providers.ts';

/**
 * Walks ConnectHub's OAuth flow in a browser of its own, choosing a fresh account at the provider's consent page; gives that
 * account's id in the sandbox.
 */
export async function connect(
  client: ClancyClient,
  sandbox: SandboxClient,
  provider: ProviderId,
  person: ConsentingPerson = {},
): Promise<string> {
  const team = person.team ?? (await sandbox.createAccount(provider));
  const { url } = await client.connections.launch(provider);
  const opened = await fetch(url, { redirect: 'manual' });
  const consentPage = opened.headers.get('location');
  const cookie = opened.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  if (consentPage === null) throw new Error(`the launch answered ${opened.status}: ${await opened.text()}`);
  const callback = await sandbox.authorize(consentPage, { ...person, team });
  const arrived = await fetch(callback, { headers: { cookie: cookie.join('; ') } });
  if (!arrived.ok) throw new Error(`the callback answered ${arrived.status}: ${await arrived.text()}`);
  return team;
}

/** Connects a fresh account at every provider that these capabilities are of; gives the accounts by provider. */
export async function connectAll(
  client: ClancyClient,
  sandbox: SandboxClient,
  capabilities: readonly string[],
): Promise<{ [provider in ProviderId]?: string }> {
  const teams: { [provider in ProviderId]?: string } = {};
  for (const provider of new Set(capabilities.map((qualified) => qualified.split('/')[0] as ProviderId))) {
    teams[provider] = await connect(client, sandbox, provider);
  }
  return teams;
}
