import { createClancyClient, type ClancyClient } from '../../../cli/client/clancy-client.ts';
import { waitUntil } from '../../../dev/processes/wait-until.ts';
import type { Site } from '../../faults/site.ts';

/** Each has one run under way at any time, and looks at it. */
const STARTERS = 4;
const READERS = 2;
const LOOK_EVERY_MS = 150;

export interface Traffic {
  readonly requests: number;
  readonly failures: readonly string[];
  /** Runs that were accepted, and how each ended. */
  readonly runs: ReadonlyMap<string, string>;
  /** Resolves when so many more runs have ended. */
  untilMoreRuns(count: number): Promise<void>;
  /** Lets every client finish what it is at. */
  stop(): Promise<void>;
}

/** People and programs that use the product through its balancers: start runs of `employee`, follow them, and read. */
export function startTraffic(urls: { api: string; connecthub: string }, site: Site, employee: string): Traffic {
  const failures: string[] = [];
  const runs = new Map<string, string>();
  let requests = 0;
  let ended = 0;
  const over = new AbortController();
  const counted: typeof fetch = async (...args) => {
    requests += 1;
    return fetch(...args);
  };
  const token = () => site.org.token('admin');
  const client = createClancyClient({ apiUrl: urls.api, connecthubUrl: urls.connecthub, token, fetch: counted });
  /** A failure is written down, and its client goes on with its next request. */
  const ask = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      failures.push(`${what}: ${String(error)}`);
      return undefined;
    }
  };
  const starter = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const run = await ask('start', () => client.runs.start(employee));
      if (!run) continue;
      runs.set(run.run_id, 'accepted');
      const end = await untilOver(client, run.run_id, ask);
      runs.set(run.run_id, end);
      ended += 1;
      await ask('receipts', () => client.receipts.list({ run_id: run.run_id }));
    }
  };
  const reader = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await ask('runs', () => client.runs.list({ limit: 5 }));
      await ask('connections', () => client.connections.list());
    }
  };
  const clients = [...Array.from({ length: STARTERS }, starter), ...Array.from({ length: READERS }, reader)];
  return {
    get requests() {
      return requests;
    },
    failures,
    runs,
    untilMoreRuns: async (count) => {
      const wanted = ended + count;
      await waitUntil(() => ended >= wanted, { timeoutMs: 120_000, everyMs: 50, what: `${count} more runs to end` });
    },
    stop: async () => {
      over.abort();
      await Promise.all(clients);
    },
  };
}

async function untilOver(
  client: ClancyClient,
  runId: string,
  ask: <T>(what: string, work: () => Promise<T>) => Promise<T | undefined>,
): Promise<string> {
  const status = async () => {
    const seen = await ask('run', () => client.runs.get(runId));
    return seen?.finished_at ? seen.status : undefined;
  };
  return waitUntil(status, { timeoutMs: 60_000, everyMs: LOOK_EVERY_MS, what: `${runId} to end` }).catch(() => 'lost');
}
