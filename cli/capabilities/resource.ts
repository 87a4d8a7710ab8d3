import type { Resource } from '../resource.ts';
import { listCapabilities } from './list.ts';
import { showCapability } from './show.ts';

export const capabilitiesResource: Resource = {
  name: 'capabilities',
  summary: 'what employees can be allowed to do at providers',
  verbs: [listCapabilities, showCapability],
};
