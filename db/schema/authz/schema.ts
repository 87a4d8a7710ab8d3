import { pgSchema } from 'drizzle-orm/pg-core';

/** What ConnectHub must see at the moment of a call: written by Agent-Core, SELECT only for ConnectHub. */
export const authz = pgSchema('authz');
