import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ClancyError } from '../../contracts/errors.ts';
import type { AuditEntry } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Refresh, RefreshOutcome } from '../tokens/refresh.ts';
import { fromError, type RefresherMessage, type RefreshRequest } from './messages.ts';

export interface RefresherOptions {
  /** The program that refreshes: `bin/refresher`. */
  script: URL;
  /** Id of this copy: it refreshes in its name. */
  owner: string;
  logger: Pick<Logger, 'warn'>;
  /** What it committed. */
  onCommitted: (entries: readonly AuditEntry[], orgId: string) => void;
}

export interface Refresher {
  refresh: Refresh;
  /** Lets it end what it is at, and then itself. */
  close(): Promise<void>;
}

interface Waiting {
  resolve: (outcome: RefreshOutcome) => void;
  reject: (error: Error) => void;
}

interface Running {
  child: ChildProcess;
  /** By the number of the request. */
  waiting: Map<number, Waiting>;
}

/**
 * Refreshes tokens in a process of its own, which outlives this one until what it is at has ended. A provider that rotates
 * tells a new refresh token once, to whoever asked: so whoever asks does nothing else, and is not taken along by what ends
 * a process that serves (a crash, too little memory, SIGKILL). It is started with the first refresh.
 */
export function createRefresher(options: RefresherOptions): Refresher {
  let running: Running | undefined;
  let lastId = 0;

  function start(): Running {
    // A group of its own: a signal to ours, such as a terminal's, is not for it.
    const child = fork(options.script, [options.owner], { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const waiting = new Map<number, Waiting>();
    const started: Running = { child, waiting };
    child.on('message', (message) => take(message as RefresherMessage, waiting));
    const end = (reason: string): void => {
      if (running === started) running = undefined;
      if (waiting.size > 0) options.logger.warn({ reason }, 'the refresher ended at work');
      // Its leases stand until their time is over: whoever asks again meanwhile waits as for another copy's.
      for (const { reject } of waiting.values()) reject(unavailable());
      waiting.clear();
    };
    child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    child.once('error', (error) => end(error.message));
    return started;
  }

  function take(message: RefresherMessage, waiting: Map<number, Waiting>): void {
    if ('committed' in message) return options.onCommitted(message.committed, message.orgId);
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('outcome' in message) asked?.resolve(message.outcome);
    else asked?.reject(fromError(message.error));
  }

  return {
    refresh: (orgId, row) =>
      new Promise((resolve, reject) => {
        const { child, waiting } = (running ??= start());
        const id = (lastId += 1);
        waiting.set(id, { resolve, reject });
        const request: RefreshRequest = { id, orgId, row };
        // Where it cannot be told it has ended, or is about to: its end answers.
        child.send(request, () => undefined);
      }),
    close: async () => {
      if (!running) return;
      const { child } = running;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function unavailable(): ClancyError {
  return new ClancyError('provider_unavailable', 'Tokens cannot be refreshed right now.', { retryAfterMs: 2_000 });
}
