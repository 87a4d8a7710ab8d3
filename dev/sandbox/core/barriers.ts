import { randomUUID } from 'node:crypto';

type BarrierOutcome = 'answer' | 'drop';
interface BarrierSpec {
  team: string;
  method: string;
  /** True: the request is held with its effect made and its answer not sent. False: before the effect. */
  after_effect: boolean;
}
interface BarrierState extends BarrierSpec {
  id: string;
  state: 'waiting' | 'held' | 'released';
  /** The request that is, or was, held here. */
  request_id: string | null;
}

interface Barrier extends BarrierState {
  release: (outcome: BarrierOutcome) => void;
  released: Promise<BarrierOutcome>;
  arrive: () => void;
  arrived: Promise<void>;
}

export interface BarrierSet {
  create(spec: BarrierSpec): BarrierState;
  get(id: string): BarrierState | undefined;
  /** Resolves once a request is held or the barrier is released, or after `timeoutMs`; gives the state then. */
  wait(id: string, timeoutMs: number): Promise<BarrierState | undefined>;
  /** Lets the held request go. Released with nobody there, the barrier holds nobody any more. */
  release(id: string, outcome: BarrierOutcome): BarrierState | undefined;
  /** Holds the caller when a barrier waits for this request; tells how it was let go. */
  pass(request: { team: string | null; method: string; requestId: string }, afterEffect: boolean): Promise<BarrierOutcome>;
}

function toState({ id, team, method, after_effect, state, request_id }: Barrier): BarrierState {
  return { id, team, method, after_effect, state, request_id };
}

function createBarrier(spec: BarrierSpec): Barrier {
  let release: (outcome: BarrierOutcome) => void = () => {};
  const released = new Promise<BarrierOutcome>((resolve) => (release = resolve));
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  return { ...spec, id: randomUUID(), state: 'waiting', request_id: null, release, released, arrive, arrived };
}

async function within(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}

/** Barriers between an effect and its answer, each for one request: where crash tests kill the caller. */
export function createBarrierSet(): BarrierSet {
  const barriers = new Map<string, Barrier>();
  const find = (id: string) => barriers.get(id);
  const stateOf = (id: string) => {
    const barrier = find(id);
    return barrier === undefined ? undefined : toState(barrier);
  };
  return {
    create(spec) {
      const barrier = createBarrier(spec);
      barriers.set(barrier.id, barrier);
      return toState(barrier);
    },
    get: stateOf,
    async wait(id, timeoutMs) {
      const barrier = find(id);
      if (barrier === undefined) return undefined;
      await within(Promise.race([barrier.arrived, barrier.released]), timeoutMs);
      return toState(barrier);
    },
    release(id, outcome) {
      const barrier = find(id);
      if (barrier === undefined) return undefined;
      barrier.state = 'released';
      barrier.release(outcome);
      return toState(barrier);
    },
    async pass({ team, method, requestId }, afterEffect) {
      const barrier = [...barriers.values()].find(
        (one) => one.state === 'waiting' && one.team === team && one.method === method && one.after_effect === afterEffect,
      );
      if (barrier === undefined) return 'answer';
      barrier.state = 'held';
      barrier.request_id = requestId;
      barrier.arrive();
      return barrier.released;
    },
  };
}
