import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';

export const receiveOnConnection = verb({
  name: 'receive',
  summary: 'listen to an account whose provider has to be asked for it (gmail, github), or no longer',
  arguments: [['<connection>', 'id of the connection']],
  options: [{ flags: '--off', description: 'no longer' }],
  examples: [
    'clancy connections receive conn_4f3k9wz0h1c7m2v8x5tq6n0rda',
    'clancy connections receive conn_4f3k9wz0h1c7m2v8x5tq6n0rda --off',
  ],
  input: z.strictObject({ connection: idInput, off: z.boolean().optional() }),
  run: async ({ client, show }, { connection, off = false }) =>
    show(await client.connections.receive(connection, !off), ({ connection_id, receiving }) =>
      receiving ? `What happens in ${connection_id} becomes events.` : `${connection_id} is no longer listened to.`,
    ),
});
