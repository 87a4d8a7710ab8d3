import type { Resource } from '../resource.ts';
import { addMemory, correctMemory, forgetMemory } from './change.ts';
import { listMemory } from './list.ts';
import { showMemory } from './show.ts';

export const memoryResource: Resource = {
  name: 'memory',
  summary: 'see and put right what employees remember',
  verbs: [listMemory, showMemory, addMemory, correctMemory, forgetMemory],
};
