import { upsertSearchAttributes } from '@temporalio/workflow';
import type { WaitingOn } from '../contracts/run.ts';

export interface Waiting {
  /** Shows `reason` in the search attribute `WaitingOn` while `work` lasts. */
  during<T>(reason: WaitingOn, work: () => Promise<T>): Promise<T>;
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
    const now = [...new Set(reasons.values())].sort();
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
