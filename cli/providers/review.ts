import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { oneLine } from '../output/plain-text.ts';
import { page, table } from '../output/table.ts';
import { verb } from '../verb.ts';
import { providerInput } from './provider-input.ts';
import type { ReviewAnswer } from '../client/answers/providers.ts';

export const reviewProvider = verb({
  name: 'review',
  summary: 'show what an MCP server has changed since its tools were accepted, and accept it',
  arguments: [['<provider>', 'such as notes']],
  options: [
    { flags: '--connection <id>', description: 'whose key the server is asked with; the newest where absent' },
    {
      flags: '--accept <digest>',
      description: 'accept a change: the digest that this command showed; every changed tool needs its own',
      isRepeatable: true,
    },
  ],
  makesSomething: true,
  examples: ['clancy providers review notes', 'clancy providers review notes --accept 3f1c9a...'],
  input: z.strictObject({
    provider: providerInput,
    connection: idInput.optional(),
    accept: z.array(z.string()).optional(),
  }),
  run: async ({ client, idempotencyKey, show }, { provider, connection, accept }) => {
    const seen = await client.providers.review(provider, connection);
    if (!accept) return show(seen, renderReview);
    const changed = seen.items.filter(({ digest, state }) => state === 'changed' && digest !== null && accept.includes(digest));
    const accepted = changed.flatMap(({ capability, digest }) => (digest === null ? [] : [{ capability, digest }]));
    show(await client.providers.accept(provider, { connection_id: connection, accept: accepted }, idempotencyKey), renderReview);
  },
});

function renderReview({ items }: ReviewAnswer): string {
  const changed = items.filter(({ state }) => state === 'changed');
  return page([
    table(
      ['CAPABILITY', 'TOOL', 'STATE', 'CALLS', 'DIGEST TODAY'],
      items.map((one) => [one.capability, one.tool, one.state, one.suspended ? 'suspended' : 'allowed', one.digest ?? '']),
    ),
    ...changed.map((one) =>
      [
        `${one.capability} was accepted as`,
        `  ${oneLine(one.accepted_description)}`,
        'and says today',
        `  ${oneLine(one.description ?? '')}`,
      ].join('\n'),
    ),
  ]);
}
