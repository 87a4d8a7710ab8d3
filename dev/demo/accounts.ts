import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import { followConsent } from '../../cli/client/follow-consent.ts';
import type { SandboxClient } from '../sandbox/client.ts';
import { PROVIDERS, type ProviderId } from '../sandbox/providers.ts';
import type { Stack } from '../stack/start-stack.ts';
import { assertOnce, type EffectCount } from './effects.ts';
import type { Terminal } from './terminal.ts';

/** The sandbox's account behind each connection. */
export type Accounts = { readonly [id in ProviderId]?: string };

/** Connects each provider by walking its OAuth flow at the sandbox, as a manager would in a browser. */
export async function connectAccounts(
  deps: { client: ClancyClient; sandbox: SandboxClient; stack: Stack; terminal: Terminal },
  providers: readonly string[],
): Promise<Accounts> {
  const { client, sandbox, stack, terminal } = deps;
  for (const provider of providers) {
    const launch = await client.connections.launch(provider);
    await followConsent({ url: launch.url, allowedOrigins: [stack.urls.connecthub, stack.urls.sandbox] });
  }
  for (const { provider, account_name: name, status, scopes } of (await client.connections.list()).items)
    terminal.line(`${provider.padEnd(12)} ${name}: ${status}, ${scopes.length} scopes`);
  const tokens = await sandbox.tokens();
  const ids = Object.keys(PROVIDERS) as ProviderId[];
  return Object.fromEntries(ids.flatMap((id) => tokens.filter(({ provider }) => provider === id).map(({ team }) => [id, team])));
}

/** What the providers saw, each once. @throws Error as `assertOnce` does. */
export async function effectsOf(sandbox: SandboxClient, accounts: Accounts): Promise<EffectCount[]> {
  const { slack, gmail, quickbooks } = accounts;
  return assertOnce([
    ...(slack === undefined ? [] : await sandbox.effects(slack)),
    ...(gmail === undefined ? [] : await sandbox.gmail.effects(gmail)),
    ...(quickbooks === undefined ? [] : await sandbox.quickbooks.effects(quickbooks)),
  ]);
}
