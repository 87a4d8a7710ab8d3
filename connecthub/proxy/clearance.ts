import { ClancyError } from '../../contracts/errors.ts';
import type { ApprovalAsk } from '../../contracts/run.ts';
import type { HubDatabase, OrgReadTx } from '../../db/client.ts';
import type { Capability } from '../providers/registry.ts';
import { findApproval, loadApprovals, type Needed } from './approval.ts';
import { digestOf, type Call } from './call.ts';
import { decide, type Decision, type Evaluate } from './decide.ts';
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
}

/**
 * Step 1 of a call: everything that must hold before anything is sent, the provider's token apart. Stores nothing.
 *
 * @throws ClancyError with the code of what does not hold
 */
export async function clear(deps: ClearanceDeps, call: Call): Promise<Clearance> {
  const capability = checkParameters(call);
  const cleared = await deps.database.withOrgRead(call, async (tx) => standingOf(tx, call, capability));
  const { definition, qualified } = capability;
  const now = deps.clock().toISOString();
  const input = { capability: qualified, risk: definition.risk, parameters: call.parameters, now };
  const decision = await decide(cleared.rules, input, deps.evaluate);
  const digest = digestOf(call, definition.version);
  const common = { capability, digest, scopes: cleared.scopes };
  if (decision.effect === 'allow') return common;
  if (decision.effect === 'deny') throw new ClancyError('policy_denied', `The policy forbids it: ${decision.reason}`);
  const needed = { callId: call.callId, digest, runId: call.ticket.runId };
  const ask = toAsk(call, capability, cleared, digest, decision);
  const rows = await deps.database.withOrgRead(call, (tx) => loadApprovals(tx, call.callId));
  return { ...common, approval: { id: findApproval(rows, needed, ask), needed, ask } };
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

function toAsk(
  call: Call,
  { qualified, definition }: Capability,
  { accountName }: Cleared,
  digest: string,
  decision: Decision & { effect: 'require_approval' },
): ApprovalAsk {
  return {
    digest,
    capability: qualified,
    capability_version: definition.version,
    connection_id: call.connectionId,
    account_name: accountName,
    parameters: call.parameters,
    approvers: decision.approvers,
    timeout_seconds: decision.timeoutSeconds,
    on_timeout: decision.onTimeout,
    reason: decision.reason,
  };
}
