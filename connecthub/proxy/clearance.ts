import { ClancyError } from '../../contracts/errors.ts';
import type { ApprovalAsk } from '../../contracts/run.ts';
import type { HubDatabase, OrgReadTx } from '../../db/client.ts';
import { assertRoom, budgetLines, costOf, type Cost } from '../limits/budget.ts';
import type { Capability } from '../providers/registry.ts';
import { refused } from './answers.ts';
import { findApproval, loadApprovals, type Needed } from './approval.ts';
import { digestOf, type Call } from './call.ts';
import { decide, type Asking, type Decision, type Evaluate } from './decide.ts';
import { checkStanding, loadStanding, type Cleared } from './standing.ts';

export interface ClearanceDeps {
  database: HubDatabase;
  evaluate: Evaluate;
  clock: () => Date;
}

/** A call that passed step 1. */
export interface Clearance {
  capability: Capability;
  digest: string;
  scopes: string[];
  /** Present when the policy wants a person, who has said yes. */
  approval?: { id: string; needed: Needed; ask: ApprovalAsk };
  /** What is taken from the budgets when it goes out; undefined: nothing. */
  cost: Cost | undefined;
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

/**
 * Step 1 of a call: everything that must hold before anything is sent, the provider's token apart. Stores nothing.
 *
 * @throws ClancyError with the code of what does not hold
 */
export async function clear(deps: ClearanceDeps, call: Call): Promise<Clearance> {
  const judged = await judge(deps, call);
  const { capability, digest, scopes } = judged;
  const cost = costOf(capability.definition, call.parameters);
  const approval = await approvalOf(deps, call, judged);
  checkLimits(call, judged, cost);
  return { capability, digest, scopes, cost, ...(approval && { approval }) };
}

/**
 * Step 1 for a call that is sent once more to learn what became of it: what it costs is reserved already.
 *
 * @throws ClancyError with the code of what no longer holds
 */
export async function clearAgain(deps: ClearanceDeps, call: Call): Promise<Judged> {
  const judged = await judge(deps, call);
  await approvalOf(deps, call, judged);
  checkLimits(call, judged, undefined);
  return judged;
}

async function approvalOf(deps: ClearanceDeps, call: Call, judged: Judged): Promise<Clearance['approval']> {
  const { decision, digest } = judged;
  if (decision.effect === 'allow') return undefined;
  const needed = { callId: call.callId, digest, runId: call.ticket.runId };
  const ask = toAsk(call, judged, decision);
  const rows = await deps.database.withOrgRead(call, (tx) => loadApprovals(tx, call.callId));
  return { id: findApproval(rows, needed, ask), needed, ask };
}

/** Quota, budget, and the provider's own wish for patience, in this order. */
function checkLimits(call: Call, { limits: { allowance, providerLimit } }: Judged, cost: Cost | undefined): void {
  if (cost) assertRoom(budgetLines(call.ticket, cost, allowance), allowance);
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
  const { rules, accountName, scopes, ...limits } = await deps.database.withOrgRead(call, async (tx) =>
    standingOf(tx, call, capability),
  );
  const { definition, qualified } = capability;
  const now = deps.clock().toISOString();
  const input = { capability: qualified, risk: definition.risk, parameters: call.parameters, now };
  const decision = await decide(rules, input, deps.evaluate);
  if (decision.effect === 'deny') throw new ClancyError('policy_denied', `The policy forbids it: ${decision.reason}`);
  return { capability, digest: digestOf(call, definition.version), scopes, accountName, limits, decision };
}

/** The rights once more, in the transaction that lets the call go: what was taken away meanwhile stops it. */
export async function standingOf(tx: OrgReadTx, call: Call, capability: Capability): Promise<Cleared> {
  return checkStanding(await loadStanding(tx, call), call, capability);
}

function checkParameters({ capability, parameters, qualified }: Call): Capability {
  if (!capability)
    throw new ClancyError('capability_unknown', `There is no capability ${qualified}.`, { next: 'See GET /capabilities.' });
  const fields = capability.input.errorsOf(parameters);
  if (fields.length > 0) {
    throw new ClancyError('parameters_invalid', `The parameters do not fit ${qualified}.`, {
      fields,
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
