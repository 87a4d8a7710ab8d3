import type { Resource } from '../resource.ts';
import { approve, reject } from './decide.ts';
import { listApprovals } from './list.ts';
import { showApproval } from './show.ts';

export const approvalsResource: Resource = {
  name: 'approvals',
  summary: 'see what waits for your word, and give it',
  verbs: [listApprovals, showApproval, approve, reject],
};
