import { isDeepStrictEqual } from 'node:util';
import { blobHashesIn } from '../../contracts/files.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { HubDatabase } from '../../db/client.ts';
import type { Breakers } from '../limits/breaker.ts';
import { rateOfCalls } from '../limits/quota-of-calls.ts';
import { ratesOf, type Rate } from '../limits/rate.ts';
import { NoShareError } from '../limits/shares.ts';
import type { ApiRequest, FileContents, RequestContext } from '../providers/definition.ts';
import type { HeldToken, Tokens } from '../tokens/tokens.ts';
import { refused } from './answers.ts';
import { digestOf, scopeOf, type Call } from './call.ts';
import { approvalOf, checkLimits, checkParameters, judgeBy, subjectOf, type Clearance } from './clearance.ts';
import { decideAtOnce, type Decision } from './decide.ts';
import type { HeldLease } from './lease.ts';
import { letGo, OvertakenError } from './let-go.ts';
import { findEntry, type LedgerEntry } from './ledger-entry.ts';
import { nativeKey } from './native-key.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { firstRequest } from './perform.ts';
import { leftAlone } from './provider-api.ts';
import { checkStanding, loadStanding, type Cleared } from './standing.ts';

export interface BeginDeps {
  database: HubDatabase;
  tokens: Pick<Tokens, 'atHand'>;
  breakers: Breakers;
  /** Id of this copy. */
  owner: string;
}

/** What had to be found out outside of the transaction, for the next try of the same call. */
export interface FoundOut {
  /** The word of rules whose conditions had to be evaluated. */
  judged?: { rules: Policy; decision: Decision };
  token?: HeldToken;
  /** Of a call whose capability takes some. */
  files?: FileContents;
  /** The call has waited for its shares, and its turn has come. */
  inTurn?: boolean;
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
  /** To be found out first; nothing was changed. */
  | { kind: 'to_judge'; rules: Policy }
  | { kind: 'to_open_token' }
  | { kind: 'to_fetch_files' }
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
    const capability = checkParameters(call);
    const cleared = checkStanding(standing, call, capability);
    const decision = foundDecision(foundOut, cleared.rules) ?? decideAtOnce(cleared.rules, subjectOf(capability));
    if (!decision) return { kind: 'to_judge', rules: cleared.rules };
    const judged = judgeBy(call, capability, cleared, decision);
    const approval = await approvalOf(tx, call, judged);
    const cost = checkLimits(call, judged);
    const blockedMs = deps.breakers.of(capability.provider.definition.id, call.connectionId).blockedMs();
    if (blockedMs !== undefined) throw refused(call, leftAlone(blockedMs));
    const token = foundToken(foundOut, cleared) ?? deps.tokens.atHand(call.orgId, cleared.token);
    if (!token) return { kind: 'to_open_token' };
    const { files } = foundOut;
    if (!files && wantsFiles(call)) return { kind: 'to_fetch_files' };
    const clearance = { ...judged, cost, ...(approval && { approval }) };
    const request = firstRequest(capability.definition, call.parameters, contextOf(call, token, files));
    const ofProvider = request ? ratesOf(capability.provider.limits, call.connectionId, request) : [];
    const rates = [...ofProvider, rateOfCalls(judged.limits.allowance.quota)];
    const going = { call, clearance, previous: entry, owner: deps.owner, rates, inTurn: foundOut.inTurn === true };
    return { kind: 'begun', clearance, token, request, files, lease: await letGo(tx, going) };
  });
  return beginning.catch((error: unknown) => {
    if (error instanceof OvertakenError) return { kind: 'overtaken' };
    if (error instanceof NoShareError) return { kind: 'no_share', rates: error.rates };
    throw error;
  });
}

/** Only what its capability declares as files is fetched. */
function wantsFiles({ capability, parameters }: Call): boolean {
  return capability?.definition.takesFiles === true && blobHashesIn(parameters).length > 0;
}

/** What makes the request of a call besides its parameters. */
export function contextOf({ orgId, key }: Call, { accountId }: HeldToken, files: FileContents | undefined): RequestContext {
  return { nativeKey: nativeKey(orgId, key), accountId, ...(files && { files }) };
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

/** The policy of a version never changes; were it to, its conditions would be evaluated again. */
function foundDecision({ judged }: FoundOut, rules: Policy): Decision | undefined {
  return isDeepStrictEqual(judged?.rules, rules) ? judged?.decision : undefined;
}

/** A token that was refreshed or replaced meanwhile is none. */
function foundToken({ token }: FoundOut, cleared: Cleared): HeldToken | undefined {
  return token?.version === cleared.token.version ? token : undefined;
}
