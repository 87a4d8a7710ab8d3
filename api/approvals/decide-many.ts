import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ClancyError, ERROR_CODES } from '../../contracts/errors.ts';
import { jsonObjectSchema, jsonSchema } from '../../contracts/json.ts';
import type { CoreDatabase, OrgScope } from '../../db/client.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import { statusOf } from '../../platform/http/problems.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { once, storedAnswer, type Answer } from '../http/idempotency.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import type { CheckParameters } from './check-parameters.ts';
import { decideApproval, type DecideDeps, type DecideRequest } from './decide.ts';
import { editOf } from './edit.ts';
import { findApproval } from './find.ts';
import { approvalView, toApprovalView, type ApprovalRow } from './views.ts';

const ROUTE = 'POST /v1/approvals/decide';

const word = { approval_id: z.uuid(), reason: z.string().max(2_000).optional() };
const oneWord = z.discriminatedUnion('decision', [
  z.strictObject({ ...word, decision: z.literal('approved'), parameters: jsonObjectSchema.optional() }),
  z.strictObject({ ...word, decision: z.literal('rejected') }),
]);
export const decideManyBody = z.strictObject({ decisions: z.array(oneWord).min(1).max(100) });
type OneWord = z.infer<typeof oneWord>;

const decidedItem = z.strictObject({
  approval_id: z.uuid(),
  status: z.int().describe('As if it had been decided alone: 200, or that of the problem.'),
  approval: approvalView.optional(),
  code: z.enum(ERROR_CODES).optional(),
  detail: z.string().optional(),
  next: z.string().optional(),
});
export const decidedMany = z.strictObject({ results: z.array(decidedItem) });
type DecidedItem = z.infer<typeof decidedItem>;

export interface DecideManyDeps extends DecideDeps {
  ui: UiLinks;
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead' | 'auditDenied'>;
}

export interface DecideManyRequest {
  key: string;
  person: PersonPrincipal;
  body: z.infer<typeof decideManyBody>;
  check: CheckParameters;
}

/**
 * Answers many approvals, each as if it were alone: one that is refused holds up none of the others. The answers stand in
 * the order of the request. A repetition after a crash finds its own words and goes on behind them.
 *
 * @throws ClancyError `forbidden` (impersonation), `idempotency_key_reused`.
 */
export async function decideMany(deps: DecideManyDeps, scope: OrgScope, request: DecideManyRequest): Promise<Answer> {
  assertNotImpersonated(scope);
  const { key, body } = request;
  const intent = { route: ROUTE, key, input: body };
  const answered = await storedAnswer(deps.db, scope, intent);
  if (answered) return answered;
  const results: DecidedItem[] = [];
  for (const one of body.decisions) results.push(await decideOne(deps, scope, request, one));
  return once(deps.db, scope, intent, async (tx) => {
    tx.audit({ action: 'approval.decide_many', objectType: 'approval', objectId: key, allowed: true, details: counts(results) });
    return { status: 200, body: jsonSchema.parse({ results }) };
  });
}

async function decideOne(deps: DecideManyDeps, scope: OrgScope, request: DecideManyRequest, one: OneWord): Promise<DecidedItem> {
  const { approval_id: approvalId, decision, reason } = one;
  const parameters = one.decision === 'approved' ? one.parameters : undefined;
  const asked: DecideRequest = {
    approvalId,
    person: request.person,
    decision,
    reason,
    ...(parameters && { edit: { parameters, check: request.check } }),
  };
  try {
    return done(await decideApproval(deps, scope, asked), deps.ui);
  } catch (error) {
    if (!(error instanceof ClancyError)) throw error;
    const said = error.code === 'approval_not_open' ? await ownWord(deps, scope, asked) : undefined;
    if (said) return done(said, deps.ui);
    await leaveTrace(deps, scope, approvalId, error);
    return refused(approvalId, error);
  }
}

/** The approval, where this person has said the very same of it before. */
async function ownWord(deps: DecideManyDeps, scope: OrgScope, asked: DecideRequest): Promise<ApprovalRow | undefined> {
  const row = await deps.db.withOrgRead(scope, (tx) => findApproval(tx, asked.approvalId));
  const isSame =
    row.status === asked.decision &&
    row.decidedBy === asked.person.userId &&
    (row.reason ?? undefined) === asked.reason &&
    isDeepStrictEqual(editOf(row).parameters, asked.edit?.parameters);
  return isSame ? row : undefined;
}

/** As a request that is refused alone leaves one. */
async function leaveTrace(deps: DecideManyDeps, scope: OrgScope, approvalId: string, { code }: ClancyError): Promise<void> {
  if (statusOf(code) !== 403) return;
  const details = { code, approval_id: approvalId };
  await deps.db.auditDenied(scope, { action: 'request.refuse', objectType: 'route', objectId: ROUTE, details });
}

function done(row: ApprovalRow, ui: UiLinks): DecidedItem {
  return { approval_id: row.approvalId, status: 200, approval: toApprovalView(row, ui) };
}

function refused(approvalId: string, { code, message, details: { next } }: ClancyError): DecidedItem {
  return { approval_id: approvalId, status: statusOf(code), code, detail: message, ...(next !== undefined && { next }) };
}

function counts(results: DecidedItem[]) {
  const decided = results.filter(({ status }) => status === 200).length;
  return { decided, refused: results.length - decided };
}
