import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { idempotencyKeyOf } from '../http/idempotency.ts';
import { scopeOf } from '../http/scope.ts';
import { triggerOfRun } from '../triggers/of-run.ts';
import { cancelRun, cancelRunBody, type CancelRunDeps } from './cancel.ts';
import { pauseRun } from './pause.ts';
import { retryRun, type RetryRunDeps } from './retry/retry.ts';
import { runAgain } from './run-again.ts';
import type { StartRunDeps } from './start.ts';
import { terminateRun } from './terminate.ts';
import { acceptedRunView, runIdSchema, runView, toRunView } from './views.ts';

export type RunVerbDeps = StartRunDeps & CancelRunDeps & RetryRunDeps;

const params = z.strictObject({ run_id: runIdSchema });
const tags = ['runs'];
const write = { access: { principal: 'person', permission: 'runs.write' } } as const;

/** What people do with a run that was accepted. */
export function runVerbRoutes(app: App, deps: RunVerbDeps): void {
  changingRoutes(app, deps);
  makingRoutes(app, deps);
}

/** Each takes a reason, which is kept with the decision, and answers the run as it is now. */
function changingRoutes(app: App, deps: RunVerbDeps): void {
  const verbs = [
    { verb: 'cancel', change: cancelRun, summary: 'Ask a run to end; what its skills have made stays in its result' },
    { verb: 'terminate', change: terminateRun, summary: 'End a run at once, whatever state its workflow is in' },
    {
      verb: 'pause',
      change: (...[, scope, asked]: Parameters<typeof cancelRun>) => pauseRun(deps, scope, { ...asked, verb: 'pause' }),
      summary: 'Hold a run: it begins no skill, burst or call until it is resumed',
    },
    {
      verb: 'resume',
      change: (...[, scope, asked]: Parameters<typeof cancelRun>) => pauseRun(deps, scope, { ...asked, verb: 'resume' }),
      summary: 'Let a paused run go on',
    },
  ];
  for (const { verb, change, summary } of verbs) {
    app.post(
      `/v1/runs/:run_id/${verb}`,
      { config: write, schema: { tags, summary, params, body: cancelRunBody.optional(), response: { 202: runView } } },
      async (request, reply) => {
        const asked = { runId: request.params.run_id, reason: request.body?.reason };
        const run = await change(deps, scopeOf(request), asked);
        const trigger = await deps.db.withOrgRead(run, (tx) => triggerOfRun(tx, run.runId));
        return reply.status(202).send(toRunView(run, { on: [], since: undefined }, deps.ui, trigger));
      },
    );
  }
}

/** Each makes a run out of another one. */
function makingRoutes(app: App, deps: RunVerbDeps): void {
  const verbs = [
    {
      verb: 'retry',
      make: retryRun,
      summary: 'Go on with a run that failed or was interrupted: only the missing effects are made',
    },
    {
      verb: 'run-again',
      make: runAgain,
      summary: 'Start a run of the active version with the same input: all effects are made again',
    },
  ];
  for (const { verb, make, summary } of verbs) {
    app.post(
      `/v1/runs/:run_id/${verb}`,
      { config: write, schema: { tags, summary, params, headers: idempotencyHeaders, response: { 202: acceptedRunView } } },
      async (request, reply) => {
        const asked = { runId: request.params.run_id, key: idempotencyKeyOf(request), person: personOf(request) };
        const accepted = acceptedRunView.parse((await make(deps, scopeOf(request), asked)).body);
        return reply.status(202).header('location', accepted.links.self).send(accepted);
      },
    );
  }
}
