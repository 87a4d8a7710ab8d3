import { foreignKey, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { customProviders } from './custom-providers.ts';
import { hub } from './schema.ts';

/** What an organisation's own provider was at each version. Rows are never changed: what people accepted stays to be seen. */
export const customProviderVersions = hub.table(
  'custom_provider_versions',
  {
    orgId: orgId(),
    provider: text('provider').notNull(),
    version: integer('version').notNull(),
    /** SHA-256 of the canonical JSON of `definition`. */
    digest: text('digest').notNull(),
    /** What its kind's reader makes of a document; holds no secret. */
    definition: jsonb('definition').$type<{ [member: string]: unknown }>().notNull(),
    importedBy: text('imported_by').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.provider, table.version] }),
    foreignKey({
      name: 'custom_provider_versions_provider',
      columns: [table.orgId, table.provider],
      foreignColumns: [customProviders.orgId, customProviders.provider],
    }),
  ],
);
