import type { Risk } from '../../contracts/capability.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { parseCallId, parseSkillRunId } from '../../contracts/ids.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { ApprovalAsk } from '../../contracts/call.ts';
import type { HubDatabase, OrgReadTx } from '../../db/client.ts';
import { assertRoom, budgetLines, costOf, type Cost } from '../limits/budget.ts';
import type { Capability } from '../providers/registry.ts';
import { refused } from './answers.ts';
import { findApproval, loadApprovals, type Needed } from './approval.ts';
import { digestOf, type Call } from './call.ts';
import { decide, type Asking, type Decision, type Evaluate } from './decide.ts';
import { scrubText } from './scrub.ts';
import { checkStanding, loadStanding, type Cleared } from './standing.ts';

export interface ClearanceDeps {
  database: HubDatabase;
  evaluate: Evaluate;
  clock: () => Date;
}

/** A call that may be made as far as rights and rules go, a person's word apart. */
export interface Judged {
  capability: Capability;
  digest: string;
  scopes: string[];
  accountName: string;
  limits: Pick<Cleared, 'allowance' | 'providerLimit'>;
  decision: Exclude<Decision, { effect: 'deny' }>;
}

/** A call that passed step 1, the provider's token apart. */
export interface Clearance extends Judged {
  /** Present when the policy wants a person, who has said yes. */
  approval?: Approval;
  /** What is taken from the budgets when it goes out; undefined: nothing. */
  cost: Cost | undefined;
}

export interface Approval {
  id: string;
  needed: Needed;
}

/**
 * Step 1 for a call that is sent once more to learn what became of it: what it costs is reserved already.
 *
 * @throws ClancyError with the code of what no longer holds
 */
export async function clearAgain(deps: ClearanceDeps, call: Call): Promise<Judged> {
  const judged = await judge(deps, call);
  await deps.database.withOrgRead(call, (tx) => approvalOf(tx, call, judged));
  checkProviderLimit(call, judged);
  return judged;
}

/**
 * @throws ClancyError where people have to be asked, or have said no
 */
export async function approvalOf(tx: OrgReadTx, call: Call, judged: Judged): Promise<Approval | undefined> {
  const { decision, digest } = judged;
  if (decision.effect === 'allow') return undefined;
  const needed = { callId: call.callId, digest, runId: call.ticket.runId };
  const rows = await loadApprovals(tx, call.callId);
  return { id: findApproval(rows, needed, toAsk(call, judged, decision)), needed };
}

/**
 * Quota, budget, and the provider's own wish for patience, in this order. Answers with what the call costs.
 *
 * @throws ClancyError `quota_exceeded`, `budget_exceeded`, `provider_rate_limited`, or `parameters_invalid` for no money
 */
export function checkLimits(call: Call, judged: Judged): Cost | undefined {
  const { allowance } = judged.limits;
  const cost = costOf(judged.capability.definition, call.parameters);
  if (cost) assertRoom(budgetLines(call.ticket, cost, allowance), allowance);
  checkProviderLimit(call, judged);
  return cost;
}

function checkProviderLimit(call: Call, { limits: { providerLimit } }: Judged): void {
  if (!providerLimit) return;
  const { reason, leftMs: retryAfterMs } = providerLimit;
  throw refused(call, { code: 'provider_rate_limited', reason, retryable: true, retryAfterMs });
}

/**
 * Step 1 without the approval and the limits: whether the call may be made at all.
 *
 * @throws ClancyError with the code of what does not hold, `policy_denied` among them
 */
export async function judge(deps: ClearanceDeps, call: Call): Promise<Judged> {
  const capability = checkParameters(call);
  const cleared = await deps.database.withOrgRead(call, (tx) => standingOf(tx, call, capability));
  return judgeBy(call, capability, cleared, await judgeRules(deps, call, capability, cleared.rules));
}

/** The word of the policy's rules, their conditions evaluated. */
export function judgeRules(
  deps: Pick<ClearanceDeps, 'evaluate' | 'clock'>,
  { parameters, callId }: Call,
  capability: Capability,
  rules: Policy,
): Promise<Decision> {
  const now = deps.clock().toISOString();
  return decide(rules, { ...subjectOf(capability), parameters, skill: skillOf(callId), now }, deps.evaluate);
}

function skillOf(callId: string): string {
  const call = parseCallId(callId);
  return (call && parseSkillRunId(call.skillRun)?.node) ?? '';
}

/** What rules are about. */
export function subjectOf({ qualified, definition }: Capability): { capability: string; risk: Risk } {
  return { capability: qualified, risk: definition.risk };
}

/** @throws ClancyError `policy_denied` */
export function judgeBy(call: Call, capability: Capability, cleared: Cleared, decision: Decision): Judged {
  if (decision.effect === 'deny') throw new ClancyError('policy_denied', `The policy forbids it: ${decision.reason}`);
  const { accountName, scopes, allowance, providerLimit } = cleared;
  const digest = digestOf(call, capability.definition.version);
  return { capability, digest, scopes, accountName, limits: { allowance, providerLimit }, decision };
}

/** The rights as they stand in this transaction. */
export async function standingOf(tx: OrgReadTx, call: Call, capability: Capability): Promise<Cleared> {
  return checkStanding(await loadStanding(tx, call), call, capability);
}

/** @throws ClancyError `capability_unknown`, `capability_suspended`, `parameters_invalid` */
export function checkParameters({ capability, parameters, qualified }: Call): Capability {
  if (!capability)
    throw new ClancyError('capability_unknown', `There is no capability ${qualified}.`, { next: 'See GET /capabilities.' });
  if (capability.isSuspended === true) {
    throw new ClancyError('capability_suspended', `${qualified} is suspended: its provider has changed what it is.`, {
      next: `A person looks at what has changed: clancy providers review ${capability.provider.definition.id}.`,
    });
  }
  const fields = capability.input.errorsOf(parameters);
  if (fields.length > 0) {
    throw new ClancyError('parameters_invalid', `The parameters do not fit ${qualified}.`, {
      // A name that the schema does not have is the caller's own word.
      fields: fields.map((one) => ({ ...one, field: scrubText(one.field, capability.provider.definition.tokenPattern, []) })),
      next: 'See its input_schema in GET /capabilities.',
    });
  }
  return capability;
}

/** What people are asked, and who and how long the rule says. */
export function toAsk(
  call: Call,
  { capability, accountName, digest }: Pick<Judged, 'capability' | 'accountName' | 'digest'>,
  decision: Asking,
): ApprovalAsk {
  return {
    digest,
    capability: capability.qualified,
    capability_version: capability.definition.version,
    connection_id: call.connectionId,
    account_name: accountName,
    parameters: call.parameters,
    approvers: decision.approvers,
    timeout_seconds: decision.timeoutSeconds,
    on_timeout: decision.onTimeout,
    reason: decision.reason,
  };
}
