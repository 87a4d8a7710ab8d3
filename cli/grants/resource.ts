import type { Resource } from '../resource.ts';
import { listGrants } from './list.ts';
import { revokeGrant } from './revoke.ts';

export const grantsResource: Resource = {
  name: 'grants',
  summary: 'what an employee may use',
  verbs: [listGrants, revokeGrant],
};
