import { z } from 'zod';
import type { ConnectionAnswer } from '../client/answers/connecthub.ts';
import { moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { verb } from '../verb.ts';

export const listConnections = verb({
  name: 'list',
  summary: 'list the connected accounts',
  options: pageOptions,
  examples: ['clancy connections list', 'clancy connections list --json'],
  input: z.strictObject(pageInput),
  run: async ({ client, show }, query) => {
    show(await client.connections.list(query), ({ items, next_cursor }) =>
      items.length === 0
        ? 'No connections. Make one: clancy connections connect slack'
        : page([renderConnections(items), moreRows(next_cursor)]),
    );
  },
});

export function renderConnections(connections: readonly ConnectionAnswer[]): string {
  return table(
    ['CONNECTION', 'PROVIDER', 'ACCOUNT', 'STATUS', 'SCOPES'],
    connections.map(({ connection_id, provider, account_name, status, scopes }) => [
      connection_id,
      provider,
      account_name,
      status,
      scopes.join(' '),
    ]),
  );
}
