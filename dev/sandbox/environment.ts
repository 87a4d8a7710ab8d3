import { randomBytes } from 'node:crypto';
import type { ClientCredentials } from './core/client-auth.ts';
import { webhookSecretOf } from './core/webhooks.ts';
import { PUSH } from './gmail/webhooks.ts';
import { PROVIDERS } from './providers.ts';
import type { Clients, ProviderId } from './providers.ts';

/** Client ids of the application in the sandbox; secrets are made by whoever starts it. */
const CLIENT_IDS: { readonly [id in ProviderId]: string } = {
  calendar: '2021-clancy.apps.googleusercontent.com',
  github: 'Iv23liClancy2020',
  gmail: '2020-clancy.apps.googleusercontent.com',
  quickbooks: 'ABclancy2020',
  slack: '2020.clancy',
  stripe: 'ca_clancy2020',
};

export const PROVIDER_IDS = Object.keys(PROVIDERS) as ProviderId[];

/** Clients at every provider, with secrets of the caller's. */
export function makeClients(
  secretOf: (provider: ProviderId) => string = () => randomBytes(16).toString('hex'),
): Required<Clients> {
  const client = (id: ProviderId): ClientCredentials => ({ clientId: CLIENT_IDS[id], clientSecret: secretOf(id) });
  return Object.fromEntries(PROVIDER_IDS.map((id) => [id, client(id)])) as { [id in ProviderId]: ClientCredentials };
}

/** What `bin/sandbox.ts` reads: `{PROVIDER}_CLIENT_ID` and `{PROVIDER}_CLIENT_SECRET`. */
export function clientVariables(clients: Clients): { [variable: string]: string } {
  return Object.fromEntries(
    PROVIDER_IDS.flatMap((id) => {
      const client = clients[id];
      if (client === undefined) return [];
      const name = id.toUpperCase();
      return [
        [`${name}_CLIENT_ID`, client.clientId],
        [`${name}_CLIENT_SECRET`, client.clientSecret],
      ];
    }),
  );
}

/** What ConnectHub reads to find every provider in the sandbox at `url`: the clients and `{PROVIDER}_BASE_URL`. */
export function providerVariables(clients: Clients, url: string): { [variable: string]: string } {
  const hosted = PROVIDER_IDS.filter((id) => clients[id] !== undefined);
  return {
    ...clientVariables(clients),
    // Its mailboxes leave our Message-ID as it is, unless a test says otherwise.
    ...(clients.gmail !== undefined && { GMAIL_KEEPS_MESSAGE_ID: '1' }),
    // It enforces no limit unless it is told to, and those who only want answers do not want to wait for them.
    PROVIDER_LIMITS_FACTOR: '10000',
    ...Object.fromEntries(hosted.map((id) => [`${id.toUpperCase()}_BASE_URL`, `${url}/${id}`])),
    ...webhookVariables(clients),
  };
}

const WEBHOOK_SECRETS: { readonly [id in ProviderId]?: string } = {
  github: 'GITHUB_WEBHOOK_SECRET',
  quickbooks: 'QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN',
  slack: 'SLACK_SIGNING_SECRET',
  stripe: 'STRIPE_WEBHOOK_SECRET',
};

/** What ConnectHub verifies the sandbox's webhooks with. */
function webhookVariables(clients: Clients): { [variable: string]: string } {
  const push = {
    GMAIL_PUSH_AUDIENCE: PUSH.audience,
    GMAIL_PUSH_SERVICE_ACCOUNT: PUSH.serviceAccount,
    GMAIL_PUSH_TOPIC: PUSH.topic,
  };
  const secrets = Object.fromEntries(
    PROVIDER_IDS.flatMap((id) => {
      const [name, client] = [WEBHOOK_SECRETS[id], clients[id]];
      return name === undefined || client === undefined ? [] : [[name, webhookSecretOf(client)]];
    }),
  );
  return { ...secrets, ...(clients.gmail !== undefined && push) };
}
