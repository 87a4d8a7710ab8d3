import { z } from 'zod';
import { moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page } from '../output/table.ts';
import { verb } from '../verb.ts';
import { factInput, factOptions } from './inputs.ts';
import { renderFact } from './render-fact.ts';

export const listFacts = verb({
  name: 'list',
  summary: 'list what happened, the newest first; with --after in the order in which it happened',
  options: [...factOptions, { flags: '--since <instant>', description: 'not before 2026-11-24T00:00:00Z' }, ...pageOptions],
  examples: ['clancy facts list', 'clancy facts list --kind RunFailed,RunInterrupted', 'clancy facts list --after 120 --json'],
  input: z.strictObject({ ...pageInput, ...factInput, since: z.string().optional() }),
  run: async ({ client, show }, { employee, run, ...query }) => {
    const order = query.after === undefined ? 'desc' : 'asc';
    const facts = await client.facts.list({ ...query, employee_id: employee, run_id: run, order });
    show(facts, ({ items, next_cursor }) =>
      items.length === 0 ? 'No facts.' : page([items.map(renderFact).join('\n'), moreRows(next_cursor)]),
    );
  },
});
