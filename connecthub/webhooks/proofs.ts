import type { Provider } from '../providers/registry.ts';
import { createGoogleTokens, type GoogleTokens } from './google-token.ts';
import type { Delivery } from './definition.ts';

/** Tells whether a delivery comes from its provider. */
export interface Proofs {
  /** Whether the installation has what it takes to tell. Without it nothing is ever accepted. */
  isConfigured(provider: Provider): boolean;
  /** @throws ClancyError `dependency_unavailable` where the provider's keys cannot be read right now */
  holds(provider: Provider, delivery: Delivery): Promise<boolean>;
}

export function createProofs({ clock }: { clock: () => Date }): Proofs {
  const googles = new Map<string, GoogleTokens>();
  function googleOf(keysUrl: string): GoogleTokens {
    const known = googles.get(keysUrl) ?? createGoogleTokens({ keysUrl: new URL(keysUrl), clock });
    googles.set(keysUrl, known);
    return known;
  }
  function isConfigured({ definition: { webhooks }, webhookSettings: settings }: Provider): boolean {
    if (!webhooks || !settings) return false;
    return webhooks.proof.by === 'secret' ? settings.secrets.some((secret) => secret !== '') : settings.push !== undefined;
  }
  return {
    isConfigured,
    holds: async (provider, delivery) => {
      const { definition, webhookSettings: settings, webhookKeys } = provider;
      if (!definition.webhooks || !settings || !isConfigured(provider)) return false;
      const { proof } = definition.webhooks;
      if (proof.by === 'secret') return proof.isSigned(delivery, settings.secrets, clock().getTime());
      return settings.push !== undefined && googleOf(webhookKeys ?? proof.keys).isOurs(delivery, settings.push);
    },
  };
}
