import { pgSchema } from 'drizzle-orm/pg-core';

/** Agent-Core's own tables. */
export const core = pgSchema('core');
