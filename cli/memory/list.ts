import { z } from 'zod';
import { moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { verb } from '../verb.ts';
import { renderRow } from './render-memory.ts';

export const listMemory = verb({
  name: 'list',
  summary: 'list or search what is remembered, what was written last first',
  options: [
    { flags: '--search <words>', description: 'only what has these words, in any form' },
    { flags: '--key <key>', description: 'only what stands under this key' },
    { flags: '--scope <scope>', description: 'organisation, employee or skill' },
    { flags: '--employee <id>', description: 'only what belongs to one employee' },
    { flags: '--skill <node>', description: 'only what belongs to a skill of this name' },
    { flags: '--kind <kind>', description: 'fact, preference, contact, event or state' },
    { flags: '--source <who>', description: 'person or run' },
    ...pageOptions,
  ],
  examples: ['clancy memory list', 'clancy memory list --search "acme payment" --source run'],
  input: z.strictObject({
    ...pageInput,
    search: z.string().optional(),
    key: z.string().optional(),
    scope: z.string().optional(),
    employee: z.string().optional(),
    skill: z.string().optional(),
    kind: z.string().optional(),
    source: z.string().optional(),
  }),
  run: async ({ client, show }, { search, employee, ...query }) => {
    show(await client.memory.list({ ...query, q: search, employee_id: employee }), ({ items, next_cursor }) =>
      items.length === 0
        ? 'Nothing is remembered.'
        : page([table(['MEMORY', 'OF', 'KIND', 'KEY', 'VALUE', 'SURE', 'SOURCE'], items.map(renderRow)), moreRows(next_cursor)]),
    );
  },
});
