import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import type { SandboxClient } from '../../dev/sandbox/client.ts';

/** Walks ConnectHub's OAuth flow in a browser of its own, choosing a fresh workspace at the consent page; gives its team id. */
export async function connectSlack(client: ClancyClient, sandbox: SandboxClient): Promise<string> {
  const { team } = await sandbox.createTeam();
  const { url } = await client.connections.launch('slack');
  const opened = await fetch(url, { redirect: 'manual' });
  const consentPage = opened.headers.get('location');
  const cookie = opened.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  if (consentPage === null) throw new Error(`the launch answered ${opened.status}: ${await opened.text()}`);
  const callback = await sandbox.authorize(consentPage, { team });
  const arrived = await fetch(callback, { headers: { cookie: cookie.join('; ') } });
  if (!arrived.ok) throw new Error(`the callback answered ${arrived.status}: ${await arrived.text()}`);
  return team;
}
