import { defineConfig } from 'drizzle-kit';

/** For `drizzle-kit generate` only; migrations are run by `npm run migrate`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema/*/*.ts',
  out: './db/migrations',
});
