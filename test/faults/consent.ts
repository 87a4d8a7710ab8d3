import { connectedAnswer } from '../../cli/client/answers/connecthub.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import type { SandboxClient } from '../../dev/sandbox/client.ts';

export interface Consent {
  /** A workspace that stands already; a fresh one otherwise. */
  team?: string;
  /** Scopes that the person does not allow. */
  without?: readonly string[];
}

/** Connects a workspace through ConnectHub's OAuth flow, with what the person at the consent page allows. */
export async function connectSlack(
  client: ClancyClient,
  sandbox: SandboxClient,
  { team: wanted, without = [] }: Consent,
): Promise<{ team: string; connectionId: string }> {
  const team = wanted ?? (await sandbox.createTeam()).team;
  const { url } = await client.connections.launch('slack');
  const opened = await fetch(url, { redirect: 'manual' });
  const consentPage = new URL(opened.headers.get('location') ?? '');
  const cookie = opened.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  const scopes = (consentPage.searchParams.get('scope') ?? '').split(',').filter((scope) => !without.includes(scope));
  consentPage.searchParams.set('scope', scopes.join(','));
  const callback = await sandbox.authorize(consentPage.href, { team });
  const arrived = await fetch(callback, { headers: { cookie: cookie.join('; '), accept: 'application/json' } });
  const { connection_id: connectionId } = connectedAnswer.parse(await arrived.json());
  return { team, connectionId };
}
