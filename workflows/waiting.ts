import { upsertSearchAttributes } from '@temporalio/workflow';
import type { WaitingOn } from '../contracts/run.ts';

export interface Waiting {
  /** Shows `reason` in the search attribute `WaitingOn` while `work` lasts. */
  during<T>(reason: WaitingOn, work: () => Promise<T>): Promise<T>;
}

/** Temporal terminates a workflow whose value of a search attribute is larger than 2,048 bytes. Our words are ASCII. */
const MAX_SHOWN_BYTES = 1_800;

/** As many of the reasons as fit, in order of the alphabet, then `more:{n}` for those that do not. */
export function shownReasons(reasons: Iterable<WaitingOn>): WaitingOn[] {
  const all = [...new Set(reasons)].sort();
  const shown: WaitingOn[] = [];
  for (const reason of all) {
    if (JSON.stringify([...shown, reason]).length > MAX_SHOWN_BYTES) break;
    shown.push(reason);
  }
  return shown.length === all.length ? shown : [...shown, `more:${all.length - shown.length}`];
}

/** What a workflow waits for, for operators who search. One per workflow: inline skills share their run's. */
export function createWaiting(): Waiting {
  const reasons = new Map<number, WaitingOn>();
  let tickets = 0;
  let shown = '';
  let isFlushDue = false;

  /** Once per turn of the workflow: a wait that ends as another begins is one change. */
  async function flush(): Promise<void> {
    if (isFlushDue) return;
    isFlushDue = true;
    await Promise.resolve();
    isFlushDue = false;
    const now = shownReasons(reasons.values());
    if (now.join(' ') === shown) return;
    shown = now.join(' ');
    upsertSearchAttributes([{ key: { name: 'WaitingOn', type: 'KEYWORD_LIST' }, value: now }]);
  }

  return {
    async during(reason, work) {
      const ticket = (tickets += 1);
      reasons.set(ticket, reason);
      void flush();
      try {
        return await work();
      } finally {
        reasons.delete(ticket);
        void flush();
      }
    },
  };
}
