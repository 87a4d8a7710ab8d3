import { pgSchema } from 'drizzle-orm/pg-core';

/** ConnectHub's own tables. */
export const hub = pgSchema('hub');
