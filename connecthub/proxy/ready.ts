import { isDeepStrictEqual } from 'node:util';
import { blobHashesIn } from '../../contracts/files.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { Breakers } from '../limits/breaker.ts';
import { rateOfCalls } from '../limits/quota-of-calls.ts';
import { ratesOf, type Rate } from '../limits/rate.ts';
import type { ApiRequest, FileContents, RequestContext } from '../providers/definition.ts';
import type { HeldToken, Tokens } from '../tokens/tokens.ts';
import { refused } from './answers.ts';
import type { Call } from './call.ts';
import { checkLimits, checkParameters, judgeBy, subjectOf, type Approval, type Clearance, type Judged } from './clearance.ts';
import { decideAtOnce, type Decision } from './decide.ts';
import { nativeKey } from './native-key.ts';
import { firstRequest } from './perform.ts';
import { leftAlone } from './provider-api.ts';
import { checkStanding, type Cleared, type Standing } from './standing.ts';

export interface ReadyDeps {
  tokens: Pick<Tokens, 'atHand'>;
  breakers: Breakers;
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

/** To be found out first. */
export type ToFindOut = { kind: 'to_judge'; rules: Policy } | { kind: 'to_open_token' } | { kind: 'to_fetch_files' };

/** A call in whose way nothing stands that can be seen from its standing. */
export interface Ready {
  kind: 'ready';
  clearance: Clearance;
  token: HeldToken;
  /** What goes out first; undefined: found out on the way, request by request. */
  request: ApiRequest | undefined;
  /** What that request, and the call itself, are to take shares of. */
  rates: Rate[];
}

export interface On {
  standing: Standing | undefined;
  foundOut: FoundOut;
  /** Finds what people have said, where the policy wants to hear them. */
  approve: (judged: Judged) => Promise<Approval | undefined>;
}

/**
 * Step 1 of a call, given its standing.
 *
 * @throws ClancyError with the code of what does not hold
 */
export async function makeReady(deps: ReadyDeps, call: Call, { standing, foundOut, approve }: On): Promise<Ready | ToFindOut> {
  const capability = checkParameters(call);
  const cleared = checkStanding(standing, call, capability);
  const decision = foundDecision(foundOut, cleared.rules) ?? decideAtOnce(cleared.rules, subjectOf(capability));
  if (!decision) return { kind: 'to_judge', rules: cleared.rules };
  const judged = judgeBy(call, capability, cleared, decision);
  const approval = await approve(judged);
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
  return { kind: 'ready', clearance, token, request, rates: [...ofProvider, rateOfCalls(judged.limits.allowance.quota)] };
}

/** Only what its capability declares as files is fetched. */
function wantsFiles({ capability, parameters }: Call): boolean {
  return capability?.definition.takesFiles === true && blobHashesIn(parameters).length > 0;
}

/** What makes the request of a call besides its parameters. */
export function contextOf({ orgId, key }: Call, { accountId }: HeldToken, files: FileContents | undefined): RequestContext {
  return { nativeKey: nativeKey(orgId, key), accountId, ...(files && { files }) };
}

/** The policy of a version never changes; were it to, its conditions would be evaluated again. */
function foundDecision({ judged }: FoundOut, rules: Policy): Decision | undefined {
  return isDeepStrictEqual(judged?.rules, rules) ? judged?.decision : undefined;
}

/** A token that was refreshed or replaced meanwhile is none. */
function foundToken({ token }: FoundOut, cleared: Cleared): HeldToken | undefined {
  return token?.version === cleared.token.version ? token : undefined;
}
