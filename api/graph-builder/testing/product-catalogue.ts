import type { Catalogue } from '../../../contracts/capability.ts';
import { toProviderCatalogue } from '../../../connecthub/catalogue/to-catalogue.ts';
import { createRegistry } from '../../../connecthub/providers/registry.ts';

const PROVIDERS = ['slack', 'quickbooks', 'gmail', 'stripe', 'calendar', 'github'];
const CLIENT = { clientId: 'test', clientSecret: 'test' };

/** The product's own catalogue: every provider of the installation with the schemas that its calls are checked by, connected. */
export function productCatalogue(providers: readonly string[] = PROVIDERS): Catalogue {
  const registry = createRegistry(Object.fromEntries(providers.map((provider) => [provider, CLIENT])));
  return {
    providers: registry.providers.map((provider) => {
      const capabilities = registry.capabilitiesOf(provider);
      const connection = {
        provider: provider.definition.id,
        connectionId: `conn_${provider.definition.id}`,
        accountName: 'Test',
        status: 'active' as const,
        scopes: [...new Set(capabilities.flatMap(({ definition }) => definition.scopes))],
      };
      return toProviderCatalogue(provider, capabilities, [connection]);
    }),
  };
}
