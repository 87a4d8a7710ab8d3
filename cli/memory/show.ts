import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderMemory } from './render-memory.ts';

export const showMemory = verb({
  name: 'show',
  summary: 'show something remembered: what it says, where that comes from, what it said before',
  arguments: [['<memory>', 'id of the memory']],
  examples: ['clancy memory show 0197a3c5-6b1e-7d7e-9d2f-3d1f0c1b2a34'],
  input: z.strictObject({ memory: idInput }),
  run: async ({ client, show }, { memory }) => show(await client.memory.get(memory), renderMemory),
});
