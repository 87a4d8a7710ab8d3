import type { Resource } from '../resource.ts';
import { decideTrigger } from './decide.ts';
import { listTriggers } from './list.ts';
import { sendTrigger } from './send.ts';
import { showTrigger } from './show.ts';

export const triggersResource: Resource = {
  name: 'triggers',
  summary: 'ask for work without saying whose it is, and see who was chosen and why',
  verbs: [sendTrigger, listTriggers, showTrigger, decideTrigger],
};
