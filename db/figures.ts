import type { Connections } from './transaction.ts';
import { withClient } from './transaction.ts';

/** One count over all organisations, from the functions `core.figures`, `hub.figures` and `hub.webhook_figures`. */
export interface Figure {
  readonly figure: string;
  /** Empty where the figure has none. */
  readonly provider: string;
  readonly kind: string;
  readonly amount: number;
  /** Age of the oldest of them; 0 where there is none, or nobody asks for it. */
  readonly oldestSeconds: number;
}

const FUNCTIONS = { core: ['core.figures'], hub: ['hub.figures', 'hub.webhook_figures'] };

/** So that a scrape is at most a nuisance to a database in trouble. */
const TIMEOUT_MS = 2_000;

/** Ids and texts of nobody. Rejects when the database takes longer than two seconds. */
export function readFigures(pool: Connections, schema: 'core' | 'hub'): Promise<Figure[]> {
  const provider = schema === 'hub' ? 'provider' : `''`;
  const columns = `figure, ${provider} as provider, kind, amount::float8 as amount, oldest_seconds as "oldestSeconds"`;
  return withClient(pool, async (client) => {
    const [, , { rows }] = await Promise.all([
      client.query('begin read only'),
      client.query(`set local statement_timeout = ${TIMEOUT_MS}`),
      client.query<Figure>(FUNCTIONS[schema].map((name) => `select ${columns} from ${name}()`).join(' union all ')),
      client.query('commit'),
    ]);
    return rows;
  });
}
