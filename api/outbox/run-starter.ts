import type { OutboxClaim, OutboxRow } from './append.ts';
import { startWorkflow, type Start, type StartRunHandlerDeps } from './handlers/start-run.ts';
import type { Relay } from './relay.ts';

/** A run that has just been accepted: its first message, and what to start where that is known. */
export interface Order {
  message: OutboxRow;
  start?: Start;
}

/** The short way from an accepted run to its workflow: its own process starts it, with what it has at hand. */
export interface RunStarter {
  /** For the first message of a run; undefined = it goes the way of any message. */
  claim(): OutboxClaim | undefined;
  /** To be told after the commit; `undefined` where nothing was accepted. */
  committed(order: Order | undefined): void;
}

export function createRunStarter(
  deps: Pick<StartRunHandlerDeps, 'engine' | 'signTicket'> & { relay: Pick<Relay, 'claim' | 'send' | 'wake'> },
): RunStarter {
  return {
    claim: () => deps.relay.claim(),
    committed: (order) => {
      const { message, start } = order ?? {};
      if (message && start && message.leaseOwner !== null) deps.relay.send(message, () => startWorkflow(deps, start));
      else deps.relay.wake();
    },
  };
}
