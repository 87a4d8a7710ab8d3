import { toProviderCatalogue } from '../connecthub/catalogue/to-catalogue.ts';
import { BUILT_IN, createRegistry } from '../connecthub/providers/registry.ts';
import type { Catalogue } from '../contracts/capability.ts';

const CLIENT = { clientId: 'eval', clientSecret: 'eval' };

/** All capabilities of the installation's providers, each connected with all scopes. */
export function productCatalogue(): Catalogue {
  const registry = createRegistry(Object.fromEntries([...BUILT_IN].map((id) => [id, CLIENT])));
  return {
    providers: registry.providers.map((provider) => {
      const { id } = provider.definition;
      const capabilities = registry.capabilitiesOf(provider);
      const scopes = [...new Set(capabilities.flatMap(({ definition }) => definition.scopes))];
      const connection = { provider: id, connectionId: `conn_${id}`, accountName: 'Eval', status: 'active' as const, scopes };
      return toProviderCatalogue(provider, capabilities, [connection]);
    }),
  };
}
