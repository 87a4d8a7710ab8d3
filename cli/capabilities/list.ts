import { z } from 'zod';
import type { CatalogueAnswer } from '../client/answers/connecthub.ts';
import { deprecationInWords } from './deprecation.ts';
import { table } from '../output/table.ts';
import { verb } from '../verb.ts';

export const listCapabilities = verb({
  name: 'list',
  summary: 'list what this installation can do at providers, and where an account is connected for it',
  options: [
    { flags: '--provider <provider>', description: 'of this provider alone' },
    { flags: '--permission <permission>', description: 'for skills with this permission, such as email.write' },
    { flags: '--risk <risk>', description: 'read, write or destructive' },
  ],
  examples: ['clancy capabilities list', 'clancy capabilities list --provider gmail --risk write'],
  input: z.strictObject({
    provider: z.string().optional(),
    permission: z.string().optional(),
    risk: z.enum(['read', 'write', 'destructive']).optional(),
  }),
  run: async ({ client, show }, query) => {
    show(await client.capabilities.list(query), (catalogue) =>
      catalogue.providers.length === 0 ? 'Nothing of that kind.' : renderCapabilities(catalogue),
    );
  },
});

function renderCapabilities({ providers }: CatalogueAnswer): string {
  return table(
    ['CAPABILITY', 'VERSION', 'RISK', 'COST', 'PERMISSION', 'ACCOUNTS', 'WHAT IT DOES'],
    providers.flatMap(({ provider, capabilities, connections }) => {
      const accounts = connections.filter(({ status }) => status === 'active').map(({ account_name: name }) => name);
      return capabilities.map((one) => [
        `${provider}/${one.capability}`,
        String(one.version),
        one.risk,
        one.cost === undefined ? '-' : String(one.cost),
        one.permission,
        accounts.join(', ') || '-',
        one.deprecated ? `${one.title} (deprecated: ${deprecationInWords(one)})` : one.title,
      ]);
    }),
  );
}
