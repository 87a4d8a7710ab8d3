import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';

export const removeConnection = verb({
  name: 'remove',
  summary: 'disconnect an account: its tokens are deleted and employees can no longer use it',
  arguments: [['<connection>', 'id of the connection']],
  examples: ['clancy connections remove conn_4f3k9wz0h1c7m2v8x5tq6n0rda'],
  input: z.strictObject({ connection: idInput }),
  run: async ({ client, show }, { connection }) => {
    await client.connections.remove(connection);
    show({ connection_id: connection, removed: true }, (answer) => `${answer.connection_id} was disconnected.`);
  },
});
