import { z } from 'zod';
import { UsageError } from '../exit-codes.ts';
import { fields } from '../output/table.ts';
import { providerInput } from '../providers/provider-input.ts';
import { verb } from '../verb.ts';

export const addConnection = verb({
  name: 'add',
  summary: 'connect an account with a key, where the provider knows keys instead of consent',
  arguments: [['<provider>', 'such as desk']],
  options: [
    { flags: '--api-key-stdin', description: 'read the key or token from standard input, so that it stands in no history' },
    { flags: '--name <name>', description: 'what people call the account; the provider where absent' },
  ],
  makesSomething: true,
  examples: ['clancy connections add desk --api-key-stdin < key.txt'],
  input: z.strictObject({
    provider: providerInput,
    apiKeyStdin: z.boolean().default(false),
    name: z.string().min(1).max(100).optional(),
  }),
  run: async ({ client, io, idempotencyKey, show }, { provider, apiKeyStdin, name = provider }) => {
    if (!apiKeyStdin) throw new UsageError('Give the key on standard input: --api-key-stdin.');
    const key = (await io.readStdin()).trim();
    if (key === '') throw new UsageError('Standard input holds no key.');
    const account = { provider, account_name: name, credentials: { api_key: key } };
    show(await client.providers.addAccount(account, idempotencyKey), (added) =>
      fields([
        ['Connection', added.connection_id],
        ['Provider', added.provider],
        ['Account', added.account_name],
      ]),
    );
  },
});
