import { z } from 'zod';
import { table } from '../output/table.ts';
import { verb } from '../verb.ts';

export const listProviders = verb({
  name: 'list',
  summary: "list the providers of your organisation's own",
  examples: ['clancy providers list'],
  input: z.strictObject({}),
  run: async ({ client, show }) => {
    show(await client.providers.list(), ({ items }) =>
      items.length === 0
        ? 'None of your own. Make one: clancy providers import --file <file>'
        : table(
            ['PROVIDER', 'TITLE', 'VERSION', 'CAPABILITIES', 'SERVER'],
            items.map((one) => [one.id, one.title, String(one.version), String(one.capabilities.length), one.server ?? '']),
          ),
    );
  },
});
