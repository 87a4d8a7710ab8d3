import type { CoreDatabase, OrgScope } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import { bearerOf, type Verifiers } from '../../platform/http/access.ts';
import type { Denial } from '../../platform/http/server.ts';
import type { Principal } from '../../platform/auth/principal.ts';
import { actorOf } from './scope.ts';

export interface DenialDeps {
  db: Pick<CoreDatabase, 'auditDenied'>;
  verifiers: Pick<Verifiers, 'person'>;
  logger: Logger;
}

/**
 * Leaves a trace of each refused request: an audit row where the organisation is known, a log line otherwise. A trace
 * that cannot be written does not turn the refusal into something else.
 */
export function createDenialRecorder(deps: DenialDeps): (denial: Denial) => Promise<void> {
  return async ({ request, error }) => {
    const route = `${request.method} ${request.routeOptions.url ?? '-'}`;
    const known = await behind(deps, request.principal, request.headers.authorization);
    if (!known) return deps.logger.info({ route, code: error.code, source: request.ip }, 'request refused');
    const scope = { orgId: known.orgId, actor: known.actor, source: request.ip };
    const entry = { action: 'request.refuse', objectType: 'route', objectId: route, details: { code: error.code } };
    await deps.db
      .auditDenied(scope, entry)
      .catch((cause: unknown) => deps.logger.error({ err: cause, route }, 'a refusal could not be audited'));
  };
}

type Known = Pick<OrgScope, 'orgId' | 'actor'>;

/** Where the route itself was refused, nobody is set yet: a valid token still tells who it was. */
async function behind(
  deps: DenialDeps,
  principal: Principal | undefined,
  authorization: string | undefined,
): Promise<Known | undefined> {
  const bearer = bearerOf(authorization);
  const who = principal ?? (bearer === undefined ? undefined : await deps.verifiers.person?.(bearer).catch(() => undefined));
  if (who?.kind === 'person') return { orgId: who.orgId, actor: actorOf(who) };
  if (who?.kind === 'agent') return { orgId: who.orgId, actor: { type: 'agent', id: who.employeeId } };
  return undefined;
}
