import { z } from 'zod';
import { verb } from '../verb.ts';
import { factInput, factOptions } from './inputs.ts';
import { renderFact } from './render-fact.ts';

export const followFacts = verb({
  name: 'follow',
  summary: 'show what happens as it happens, a line per fact, until it is stopped',
  options: factOptions,
  examples: ['clancy facts follow', `clancy facts follow --kind RunFailed --json | jq -r .run_id`],
  input: z.strictObject(factInput),
  run: async ({ client, showLine, note }, { employee, run, ...filter }) => {
    const onReconnect = (reason: string): void => note(`${reason} Going on where it stopped.`);
    for await (const fact of client.facts.follow({ ...filter, employee_id: employee, run_id: run }, { onReconnect })) {
      showLine(fact, renderFact);
    }
  },
});
