import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderSuggestion } from './show.ts';

export const dismissInsight = verb({
  name: 'dismiss',
  summary: 'show a suggestion no more',
  arguments: [['<suggestion>', 'id of the suggestion']],
  options: [{ flags: '--reason <text>', description: 'why, for whoever looks at it later' }],
  examples: ['clancy insights dismiss 4b8c2f6e-7a60-5f3e-8f0a-0c7cf2a3f5d4 --reason "We want to see each."'],
  input: z.strictObject({ suggestion: idInput, reason: z.string().optional() }),
  run: async ({ client, show }, { suggestion, reason }) => {
    show(await client.insights.dismiss(suggestion, reason), (one) => `Dismissed.\n${renderSuggestion(one)}`);
  },
});
