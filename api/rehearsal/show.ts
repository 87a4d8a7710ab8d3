import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { jsonSchema } from '../../contracts/json.ts';
import type { RehearsedCall } from '../../contracts/rehearsal.ts';
import type { CoreDatabase, OrgReadTx } from '../../db/client.ts';
import { rehearsals } from '../../db/schema/core/rehearsals.ts';
import type { ConnectHubClient } from '../connecthub/client.ts';
import { findRun, isOpen, type RunRow } from '../runs/find.ts';
import { runStatusSchema } from '../runs/views.ts';
import { askedOf, compareEffects, comparisonView } from './compare.ts';
import { effectsOf, effectView, readsOf, readsView, type Effect } from './effects.ts';
import { listQuestions, type QuestionRow } from './questions.ts';

const questionView = z.strictObject({
  skill: z.string(),
  question: z.string(),
  details: jsonSchema,
  approvers: z.array(z.string()),
  timeout_seconds: z.int(),
  /** What the rehearsal went on with. */
  answer: z.enum(['approved', 'rejected']),
});

export const rehearsalView = z.strictObject({
  run_id: z.string(),
  employee_id: z.string(),
  version: z.int(),
  status: runStatusSchema,
  error_code: z.string().nullable(),
  error: z.string().nullable(),
  /** The earlier run whose input it has. */
  from_run: z.string().nullable(),
  requested_by: z.string(),
  /** What it would do, and be asked, in plain words. */
  sentences: z.array(z.string()),
  /** What would have been changed at providers, in order. Nothing of it was sent. */
  effects: z.array(effectView),
  /** What skills would have asked people. */
  questions: z.array(questionView),
  reads: readsView,
  /** The rehearsal of the active version with the same input; null where there is none. */
  baseline: z.strictObject({ run_id: z.string(), version: z.int(), status: runStatusSchema }).nullable(),
  /** Against the baseline, or against doing nothing where there is none; null until both have ended. */
  comparison: comparisonView.nullable(),
});

export interface ShowRehearsalDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  connecthub: Pick<ConnectHubClient, 'rehearsedCalls'>;
}

/** @throws ClancyError `not_found` for a run that is no rehearsal, `dependency_unavailable` (ConnectHub) */
export async function showRehearsal(
  deps: ShowRehearsalDeps,
  orgId: string,
  { runId, bearer }: { runId: string; bearer: string },
): Promise<z.infer<typeof rehearsalView>> {
  const { run, row, questions, baseline } = await deps.db.withOrgRead({ orgId }, (tx) => read(tx, runId));
  const [calls, before] = await Promise.all([
    deps.connecthub.rehearsedCalls(bearer, runId),
    baseline ? deps.connecthub.rehearsedCalls(bearer, baseline.runId) : ([] as RehearsedCall[]),
  ]);
  const effects = effectsOf(calls);
  const nameOf = namer([run, baseline]);
  const hasEnded = !isOpen(run) && (!baseline || !isOpen(baseline));
  return {
    run_id: run.runId,
    employee_id: run.employeeId,
    version: run.version,
    status: run.status,
    error_code: run.errorCode,
    error: run.result?.error ?? null,
    from_run: row.fromRun,
    requested_by: row.requestedBy,
    sentences: [...questions.map(questionSentence), ...effects.map((effect) => effectSentence(effect, nameOf(effect)))],
    effects,
    questions: questions.map(toQuestionView),
    reads: readsOf(calls),
    baseline: baseline ? { run_id: baseline.runId, version: baseline.version, status: baseline.status } : null,
    comparison: hasEnded ? compareEffects(effectsOf(before), effects, nameOf) : null,
  };
}

async function read(tx: OrgReadTx, runId: string) {
  const run = await findRun(tx, runId);
  const [row] = await tx.db
    .select()
    .from(rehearsals)
    .where(and(eq(rehearsals.orgId, tx.orgId), eq(rehearsals.runId, runId)));
  if (!row) throw new ClancyError('not_found', 'This run is no rehearsal.', { next: 'GET /v1/runs/{run_id} shows what it did.' });
  const baseline = row.baselineRunId === null ? undefined : await findRun(tx, row.baselineRunId);
  return { run, row, questions: await listQuestions(tx, runId), baseline };
}

/** The parameter that tells most of a call, as the catalogue says: `#billing`, `ada@example.com`. */
function namer(runs: readonly (RunRow | undefined)[]): (effect: Effect) => string {
  const facts = Object.assign(
    {},
    ...runs.map((run) => run?.intent.plan.capabilities ?? {}),
  ) as RunRow['intent']['plan']['capabilities'];
  return ({ capability, parameters }) => {
    const name = Object.hasOwn(facts, capability) ? facts[capability]?.summary_parameter : undefined;
    const value = name !== undefined && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
}

function effectSentence({ capability, would_ask: ask, refused }: Effect, name: string): string {
  const what = `${capability}${name === '' ? '' : ` (${name})`}`;
  const asking = ask ? `would ask ${askedOf(ask.approvers)}; taken for a ${ask.answer === 'approve' ? 'yes' : 'no'}; ` : '';
  if (refused) return `${what}: ${asking}would be refused: ${refused.message}`;
  return `${what}: ${asking}would be done.`;
}

function questionSentence({ approvers, question, answer }: QuestionRow): string {
  return `Would ask ${askedOf(approvers)}: ${question} (taken to be ${answer})`;
}

function toQuestionView({ skill, question, details, approvers, timeoutSeconds, answer }: QuestionRow) {
  return { skill, question, details, approvers, timeout_seconds: timeoutSeconds, answer };
}
