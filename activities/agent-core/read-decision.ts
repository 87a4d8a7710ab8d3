import { and, eq, inArray, or } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';
import type { Decision, ReadDecisionInput } from '../../contracts/agent-core-activities.ts';
import { decisions } from '../../db/schema/core/decisions.ts';
import type { ActivityPlace, AgentCoreActivity } from './as-activity.ts';
import { checkTicket } from './check-ticket.ts';
import type { AgentCoreActivityDeps } from './deps.ts';

const dataSchemas = {
  approval: z.looseObject({
    approval_id: z.string(),
    status: z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled']),
    reason: z.string().optional(),
    parameters: jsonObjectSchema.optional(),
  }),
  receipt_resolved: z.looseObject({ call_id: z.string(), resolution: z.enum(['happened', 'did_not_happen']) }),
  reason: z.looseObject({ reason: z.string().optional() }),
};

/**
 * What was decided: the signal that led here only named it.
 * @throws ClancyError `not_found` for a decision that another workflow waits for, and one that nobody made.
 */
export function createReadDecision(deps: AgentCoreActivityDeps): AgentCoreActivity<ReadDecisionInput, Decision> {
  return async (input, place) => {
    const ticket = await checkTicket(deps, place, input);
    const parsedId = z.uuid().safeParse(input.decision_id);
    const row = parsedId.success ? await find(deps, ticket, place, parsedId.data) : undefined;
    if (!row) throw new ClancyError('not_found', 'There is no such decision for this workflow.');
    return toDecision(row);
  };
}

/** What is decided about a run holds for its skill runs too. */
const OF_ALL = ['pause', 'resume'] as const;

type Row = typeof decisions.$inferSelect;

async function find(
  deps: AgentCoreActivityDeps,
  ticket: { orgId: string; runId: string },
  { workflowId }: ActivityPlace,
  decisionId: string,
): Promise<Row | undefined> {
  const [row] = await deps.db.withOrgRead(ticket, (tx) =>
    tx.db
      .select()
      .from(decisions)
      .where(
        and(
          eq(decisions.orgId, tx.orgId),
          eq(decisions.decisionId, decisionId),
          eq(decisions.runId, ticket.runId),
          or(eq(decisions.workflowId, workflowId), and(eq(decisions.workflowId, ticket.runId), inArray(decisions.kind, OF_ALL))),
        ),
      ),
  );
  return row;
}

function toDecision(row: Row): Decision {
  const base = { decision_id: row.decisionId, seq: row.seq };
  switch (row.kind) {
    case 'approval': {
      const { approval_id, status, reason, parameters } = dataSchemas.approval.parse(row.data);
      return {
        kind: 'approval',
        ...base,
        approval_id,
        status,
        decided_by: row.decidedBy,
        ...(reason !== undefined && { reason }),
        ...(parameters && { parameters }),
      };
    }
    case 'receipt_resolved': {
      const { call_id, resolution } = dataSchemas.receipt_resolved.parse(row.data);
      return { kind: 'receipt_resolved', ...base, call_id, resolution };
    }
    case 'cancel':
    case 'terminate':
      return { kind: 'cancel', ...base, ...reasonOf(row) };
    case 'pause':
    case 'resume':
      return { kind: row.kind, ...base, decided_by: row.decidedBy, ...reasonOf(row) };
  }
}

function reasonOf(row: Row): { reason?: string } {
  const { reason } = dataSchemas.reason.parse(row.data);
  return reason === undefined ? {} : { reason };
}
