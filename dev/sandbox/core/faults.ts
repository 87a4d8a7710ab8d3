import { randomUUID } from 'node:crypto';

/** How a request is spoilt. `delay` still answers; `error` is the provider's own error word. */
type FaultKind =
  | { kind: 'status'; status: number; retry_after?: number | undefined }
  | { kind: 'error'; error: string }
  | { kind: 'delay'; delay_ms: number }
  | { kind: 'hang' }
  | { kind: 'reset' }
  | { kind: 'garbage' }
  | { kind: 'half' };

export type Fault = FaultKind & {
  team: string;
  method: string;
  /** Whether the effect has been made when the fault strikes. */
  when: 'before' | 'after';
  /** The first matching request that is met, counted from the injection, from 1. */
  nth: number;
  /** How many matching requests in a row are met. */
  times: number;
};

export interface FaultQueue {
  inject(fault: Fault): string;
  /** The fault that meets this request, if any; counts the request for every fault that matches. */
  take(team: string | null, method: string): Fault | undefined;
  /** Faults of a team that have not struck as often as they were asked to. */
  pending(team: string): Array<Fault & { id: string }>;
  clear(team: string): void;
}

interface Entry {
  id: string;
  fault: Fault;
  seen: number;
}

const isSpent = (entry: Entry) => entry.seen >= entry.fault.nth + entry.fault.times - 1;

/** Faults wait in order of injection; one request is met by at most one of them. */
export function createFaultQueue(): FaultQueue {
  let entries: Entry[] = [];
  return {
    inject(fault) {
      const id = randomUUID();
      entries.push({ id, fault, seen: 0 });
      return id;
    },
    take(team, method) {
      const matching = entries.filter(({ fault }) => fault.team === team && fault.method === method);
      const striking = matching.find((entry) => entry.seen + 1 >= entry.fault.nth);
      for (const entry of matching) {
        // A later fault does not count a request that an earlier one has already met.
        if (striking === undefined || entry === striking || entry.fault.nth > entry.seen + 1) entry.seen += 1;
      }
      entries = entries.filter((entry) => !isSpent(entry));
      return striking?.fault;
    },
    pending: (team) => entries.filter(({ fault }) => fault.team === team).map(({ id, fault }) => ({ ...fault, id })),
    clear(team) {
      entries = entries.filter(({ fault }) => fault.team !== team);
    },
  };
}
