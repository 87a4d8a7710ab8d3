import type { Resource } from '../resource.ts';
import { rotateKeys } from './rotate.ts';
import { shredKeys } from './shred.ts';
import { keysStatus } from './status.ts';

export const keysResource: Resource = {
  name: 'keys',
  summary:
    'for who operates a service: rotate or destroy its data keys. Needs no token, but DATABASE_URL, ORG_CONTEXT_KEY, ' +
    'KEY_ENCRYPTION_KEY (and KMS_ENDPOINT, where it is set) of Agent-Core or of ConnectHub; the role in DATABASE_URL says ' +
    'whose keys are meant',
  verbs: [keysStatus, rotateKeys, shredKeys],
};
