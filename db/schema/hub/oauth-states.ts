import { sql } from 'drizzle-orm';
import { primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { hub } from './schema.ts';

/** One walk through a provider's OAuth flow. Codes and states are stored as SHA-256 only. */
export const oauthStates = hub.table(
  'oauth_states',
  {
    orgId: orgId(),
    stateHash: text('state_hash').notNull(),
    userId: text('user_id').notNull(),
    provider: text('provider').notNull(),
    /** What the person is asked for; none = all that the provider's definition names. */
    scopes: text('scopes')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    /** Those of a person's own token, where the provider gives one besides. */
    userScopes: text('user_scopes')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    /** The connection that is to be able to do more. */
    connectionId: text('connection_id'),
    launchCodeHash: text('launch_code_hash'),
    /** Of the cookie that binds the flow to the browser that opened the launch address. */
    browserHash: text('browser_hash'),
    /** Where the person is led when all is done: one of the installation's list. */
    returnTo: text('return_to'),
    /** Sealed (PKCE). */
    codeVerifier: text('code_verifier'),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    launchedAt: instant('launched_at'),
    usedAt: instant('used_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.stateHash] }),
    // Browsers come back without an organisation: the hashes find it.
    unique('oauth_states_state').on(table.stateHash),
    unique('oauth_states_launch_code').on(table.launchCodeHash),
  ],
);
