import type { BurstRequest } from '../../../contracts/burst.ts';
import type { RequestBody } from './burst-context.ts';
import type { PendingRequest } from './checkpoint.ts';

export interface Interrupted {
  id?: string;
  value?: RequestBody;
}

/**
 * Numbers a burst's requests in the order of their paths, going on from `count`. LangGraph's ids are other ones each time
 * a burst is repeated; path and number are not, so neither is a call id.
 */
export function numberRequests(
  interrupts: Interrupted[],
  count: number,
): { requests: BurstRequest[]; pending: PendingRequest[] } {
  const requests: BurstRequest[] = [];
  const pending: PendingRequest[] = [];
  for (const { id: interruptId, value } of interrupts.toSorted(byPath)) {
    if (interruptId === undefined || value === undefined) throw new Error('LangGraph gave an interrupt without id or value');
    const n = count + requests.length + 1;
    const id = `${value.path}#${n}`;
    requests.push({ ...value, id, n });
    pending.push({ interruptId, requestId: id, path: value.path });
  }
  return { requests, pending };
}

function byPath(a: Interrupted, b: Interrupted): number {
  const [one, other] = [a.value?.path ?? '', b.value?.path ?? ''];
  return one < other ? -1 : one > other ? 1 : 0;
}
