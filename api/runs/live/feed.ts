import type { AgentEvent } from '../../../contracts/events.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { HistoryEvent } from '../../../platform/run-events/history-event.ts';
import type { HistoryMapper } from '../../../platform/run-events/history-mapper.ts';
import { pause } from '../../../platform/pause.ts';
import type { HistorySource } from './history-source.ts';

export interface FeedEntry {
  /** Ascending over the chain of executions of the workflow. */
  position: number;
  event: AgentEvent;
}

export interface ChildRef {
  workflowId: string;
  runId: string;
}

/** One workflow's events as far as they are known, growing while it is open. */
export interface Feed {
  readonly workflowId: string;
  readonly entries: readonly FeedEntry[];
  readonly children: readonly ChildRef[];
  /** `closed`: nothing more will come. `gone`: there is no history. */
  readonly state: 'open' | 'closed' | 'gone';
  /** Calls back at each change, until the returned function is called. */
  onChange(listener: () => void): () => void;
  stop(): void;
}

export interface FeedDeps {
  source: HistorySource;
  createMapper: (execution: ChildRef) => Pick<HistoryMapper, 'map'>;
  logger: Logger;
}

/** More events than any execution may have (Temporal's limit is 51,200), so that positions of a chain do not meet. */
const POSITIONS_PER_EXECUTION = 1_000_000;
const PAUSE_AFTER_FAILURE_MS = 1_000;

/** Reads a workflow's history by long poll from its first event on, until it is closed or nobody wants it. */
export function openFeed(deps: FeedDeps, first: ChildRef): Feed {
  const entries: FeedEntry[] = [];
  const children: ChildRef[] = [];
  const listeners = new Set<() => void>();
  const stopping = new AbortController();
  let state: Feed['state'] = 'open';

  function take(events: HistoryEvent[], mapper: Pick<HistoryMapper, 'map'>, chain: number): string | undefined {
    let successor: string | undefined;
    for (const event of events) {
      const position = chain * POSITIONS_PER_EXECUTION + Number(event.eventId);
      entries.push(...mapper.map(event).map((mapped) => ({ position, event: mapped })));
      const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution;
      if (child?.workflowId && child.runId) children.push({ workflowId: child.workflowId, runId: child.runId });
      successor ??= event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
    }
    if (events.length > 0) tell();
    return successor;
  }

  async function read(execution: ChildRef, chain: number): Promise<void> {
    const mapper = deps.createMapper(execution);
    let token: Uint8Array | undefined;
    for (;;) {
      const page = await deps.source.next(execution, token, stopping.signal).catch(async (error: unknown) => {
        if (!stopping.signal.aborted)
          deps.logger.debug({ err: error, workflow_id: execution.workflowId }, 'a history cannot be read now');
        await pause(PAUSE_AFTER_FAILURE_MS, stopping.signal);
        return 'again' as const;
      });
      if (stopping.signal.aborted) return;
      if (page === 'again') continue;
      if (page === undefined) return end('gone');
      const successor = take(page.events, mapper, chain);
      if (successor !== undefined) return read({ ...execution, runId: successor }, chain + 1);
      if (page.token === undefined) return end('closed');
      token = page.token;
    }
  }

  function end(how: 'closed' | 'gone'): void {
    state = how;
    tell();
  }
  function tell(): void {
    for (const listener of listeners) listener();
  }

  void read(first, 0);
  return {
    workflowId: first.workflowId,
    entries,
    children,
    get state() {
      return state;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => stopping.abort(),
  };
}
