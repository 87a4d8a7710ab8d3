import { composeHub } from '../connecthub/compose.ts';
import { readHubConfig } from '../connecthub/config.ts';
import { toError, type RefresherMessage, type RefreshRequest } from '../connecthub/refresher/messages.ts';
import { refreshConnection } from '../connecthub/tokens/refresh.ts';
import { createLogger } from '../platform/logger.ts';
import { createMetrics } from '../platform/metrics/metrics.ts';

/** Started by ConnectHub, with the id of its copy; ends when ConnectHub has, and what it is at. */
function main(owner: string | undefined): void {
  if (owner === undefined || process.send === undefined) throw new Error('ConnectHub starts this process itself.');
  const config = readHubConfig(process.env);
  const logger = createLogger({ name: 'connecthub-refresher', level: config.LOG_LEVEL });
  // To a ConnectHub that is gone there is nothing to say.
  const tell = (message: RefresherMessage): boolean | undefined => process.send?.(message, undefined, undefined, () => undefined);
  const { parts, database, outgoing, expressions } = composeHub(
    config,
    logger,
    createMetrics({ version: '', mode: config.mode }),
    {
      owner,
      onCommitted: (committed, orgId) => tell({ committed, orgId }),
    },
  );
  const running = new Set<Promise<unknown>>();

  async function work({ id, orgId, row }: RefreshRequest): Promise<void> {
    try {
      tell({ id, outcome: await refreshConnection(parts, orgId, row) });
    } catch (error) {
      tell({ id, error: toError(error) });
    }
  }

  process.on('message', (request: RefreshRequest) => {
    const one = work(request).finally(() => running.delete(one));
    running.add(one);
  });
  // Whoever stops all processes of a container or service stops ConnectHub too, which says when nothing is left to do.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.once('disconnect', () => void end());

  async function end(): Promise<void> {
    await Promise.allSettled(running);
    await Promise.allSettled([outgoing.close(), expressions.close(), database.close()]);
    process.exit(0);
  }
}

try {
  main(process.argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
