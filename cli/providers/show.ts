import { z } from 'zod';
import { verb } from '../verb.ts';
import { providerInput } from './provider-input.ts';
import { renderProvider } from './render-provider.ts';

export const showProvider = verb({
  name: 'show',
  summary: "show one of your organisation's own providers, and what it can do",
  arguments: [['<provider>', 'such as desk']],
  examples: ['clancy providers show desk', 'clancy providers show desk --json'],
  input: z.strictObject({ provider: providerInput }),
  run: async ({ client, show }, { provider }) => show(await client.providers.get(provider), renderProvider),
});
