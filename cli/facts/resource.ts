import type { Resource } from '../resource.ts';
import { followFacts } from './follow.ts';
import { listFacts } from './list.ts';

export const factsResource: Resource = {
  name: 'facts',
  summary: 'read and follow what happens in the organisation',
  verbs: [listFacts, followFacts],
};
