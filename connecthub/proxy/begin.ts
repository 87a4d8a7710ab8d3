import type { HubDatabase } from '../../db/client.ts';
import type { Rate } from '../limits/rate.ts';
import { NoShareError } from '../limits/shares.ts';
import type { ApiRequest, FileContents } from '../providers/definition.ts';
import type { HeldToken } from '../tokens/tokens.ts';
import { digestOf, scopeOf, type Call } from './call.ts';
import { approvalOf, type Clearance } from './clearance.ts';
import type { HeldLease } from './lease.ts';
import { letGo, OvertakenError } from './let-go.ts';
import { findEntry, type LedgerEntry } from './ledger-entry.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { makeReady, type FoundOut, type ReadyDeps, type ToFindOut } from './ready.ts';
import { loadStanding } from './standing.ts';
import type { StandingsAtHand } from './standings-at-hand.ts';

export interface BeginDeps extends ReadyDeps {
  database: HubDatabase;
  standings: StandingsAtHand;
  /** Id of this copy. */
  owner: string;
}

/** A call that may go out now. */
export interface Begun {
  clearance: Clearance;
  lease: HeldLease;
  token: HeldToken;
  /** What goes out first, its shares taken; undefined: found out on the way, request by request. */
  request: ApiRequest | undefined;
  files: FileContents | undefined;
}

export type Beginning =
  | ({ kind: 'begun' } & Begun)
  /** What the ledger says of the call, before anything else is looked at. */
  | Exclude<NextStep, { kind: 'attempt' }>
  /** Nothing was changed. */
  | ToFindOut
  /** Nothing was changed; there may be room in a moment. */
  | { kind: 'no_share'; rates: readonly Rate[] }
  /** Another copy was faster. */
  | { kind: 'overtaken' };

/**
 * Steps 0 to 2 of a call in one transaction: its key, then everything that must hold before anything is sent, then
 * `in_flight` with the consumed approval, the reservation, the receipt and the audit row. What lets a call go holds at the
 * moment at which it goes. Nothing in here waits for anything but the database.
 *
 * @throws ClancyError with the code of what does not hold; nothing is stored then
 */
export function begin(deps: BeginDeps, call: Call, foundOut: FoundOut): Promise<Beginning> {
  const beginning = deps.database.withOrg(scopeOf(call), async (tx): Promise<Beginning> => {
    const [entry, standing] = await Promise.all([findEntry(tx, call.key), loadStanding(tx, call)]);
    const step = stepOf(call, entry);
    if (step.kind !== 'attempt') return step;
    if (standing) deps.standings.keep(call, standing);
    const ready = await makeReady(deps, call, { standing, foundOut, approve: (judged) => approvalOf(tx, call, judged) });
    if (ready.kind !== 'ready') return ready;
    const { clearance, token, request, rates } = ready;
    const going = { call, clearance, previous: entry, owner: deps.owner, rates, inTurn: foundOut.inTurn === true };
    return { kind: 'begun', clearance, token, request, files: foundOut.files, lease: await letGo(tx, going) };
  });
  return beginning.catch((error: unknown) => {
    if (error instanceof OvertakenError) return { kind: 'overtaken' };
    if (error instanceof NoShareError) return { kind: 'no_share', rates: error.rates };
    throw error;
  });
}

function stepOf(call: Call, entry: LedgerEntry | undefined): NextStep {
  const definition = call.capability?.definition;
  return nextStep(entry, {
    callId: call.callId,
    key: call.key,
    risk: definition?.risk,
    digest: digestOf(call, definition?.version ?? 0),
    isSameAs: (stored) => stored.capability === call.qualified && stored.digest === digestOf(call, stored.capabilityVersion),
  });
}
