import { sql } from 'drizzle-orm';
import { check, integer, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, isOneOf, orgId } from '../columns.ts';
import { hub } from './schema.ts';

/** How a provider of an organisation's own came to be: each kind has its reader in `connecthub/own-providers`. */
export const OWN_PROVIDER_KINDS = ['openapi', 'mcp'] as const;

/** Providers that an organisation has besides the installation's. A row stays when its provider is removed: versions go on. */
export const customProviders = hub.table(
  'custom_providers',
  {
    orgId: orgId(),
    provider: text('provider').notNull(),
    kind: text('kind', { enum: OWN_PROVIDER_KINDS }).notNull(),
    /** The version in force, of `hub.custom_provider_versions`. */
    version: integer('version').notNull(),
    /** Sealed; of the organisation's OAuth client at the provider. */
    clientSecret: text('client_secret'),
    /** Capabilities that are not called until a person has looked at what their provider has made of them. */
    suspended: text('suspended').array().notNull().default([]),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    removedAt: instant('removed_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.provider] }),
    check('custom_providers_kind', isOneOf(table.kind, OWN_PROVIDER_KINDS)),
    check('custom_providers_version', sql`version > 0`),
  ],
);
