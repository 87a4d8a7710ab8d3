import { z } from 'zod';
import { verb } from '../verb.ts';
import { providerInput } from './provider-input.ts';

export const removeProvider = verb({
  name: 'remove',
  summary: "take one of your organisation's own providers out of use; disconnect its accounts first",
  arguments: [['<provider>', 'such as desk']],
  examples: ['clancy providers remove desk'],
  input: z.strictObject({ provider: providerInput }),
  run: async ({ client, show }, { provider }) => {
    await client.providers.remove(provider);
    show({ id: provider, removed: true }, ({ id }) => `${id} was taken out of use.`);
  },
});
