import type { GoogleOAuthDeps } from '../google/deps.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { Quota } from './quota.ts';

export interface GmailDeps extends GoogleOAuthDeps {
  mailboxes: Mailboxes;
  quota: Quota;
}
