import type { FastifyRequest } from 'fastify';
import type { ClancyError, ErrorCode } from '../../contracts/errors.ts';
import { parseCallId } from '../../contracts/ids.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import type { Principal } from '../../platform/auth/principal.ts';
import { bearerOf, type Verifiers } from '../../platform/http/access.ts';
import type { Denial } from '../../platform/http/server.ts';
import type { Logger } from '../../platform/logger.ts';
import { scopeOf as scopeOfPerson } from './scope.ts';

export interface DenialDeps {
  database: Pick<HubDatabase, 'auditDenied'>;
  verifiers: Verifiers;
  logger: Logger;
}

/** Codes that say how a call went on, not that it was refused. */
const NO_DENIAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'call_in_flight',
  'call_settling',
  'outcome_unknown',
  'provider_refused',
  'provider_rate_limited',
  'provider_unavailable',
  'dependency_unavailable',
  'key_service_unavailable',
  'internal',
]);

export interface DenialRecorder {
  /** A request refused for who asks or what they may do (401, 403). */
  ofRequest(denial: Denial): Promise<void>;
  /** A call refused before anything was sent. */
  ofCall(request: FastifyRequest, error: ClancyError): Promise<void>;
}

/**
 * Leaves a trace of each refusal: an audit row where the organisation is known, a log line otherwise. A trace that
 * cannot be written is logged; the refusal stands either way.
 */
export function createDenialRecorder(deps: DenialDeps): DenialRecorder {
  async function write(
    request: FastifyRequest,
    error: ClancyError,
    entry: { action: string; objectType: string; objectId: string },
  ): Promise<void> {
    const who = request.principal ?? (await behind(deps.verifiers, bearerOf(request.headers.authorization)));
    const scope = scopeOf(who, request.ip);
    if (!scope) return deps.logger.warn({ ...entry, code: error.code, source: request.ip }, 'request refused');
    await deps.database
      .auditDenied(scope, { ...entry, details: { code: error.code } })
      .catch((cause: unknown) => deps.logger.error({ err: cause, ...entry, code: error.code }, 'a refusal could not be audited'));
  }
  return {
    ofRequest: async ({ request, error }) => {
      const route = `${request.method} ${request.routeOptions.url ?? '-'}`;
      if (request.routeOptions.config.auditsItself === true && request.principal) return;
      await write(request, error, { action: 'request.refuse', objectType: 'route', objectId: route });
    },
    ofCall: async (request, error) => {
      if (NO_DENIAL.has(error.code)) return;
      const callId = request.headers['idempotency-key'];
      // Whatever else stands there may be a secret that slipped into the wrong header.
      const objectId = typeof callId === 'string' && parseCallId(callId) ? callId : '-';
      await write(request, error, { action: 'call.refuse', objectType: 'call', objectId });
    },
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route writes the trace of its refusals itself, with more to say than the server could. */
    auditsItself?: boolean;
  }
}

/** A request refused by its route has no principal yet; a valid token still tells who it was. */
async function behind(verifiers: Verifiers, bearer: string | undefined): Promise<Principal | undefined> {
  if (bearer === undefined) return undefined;
  for (const verify of [verifiers.person, verifiers.agent]) {
    const principal = await verify?.(bearer).catch(() => undefined);
    if (principal) return principal;
  }
  return undefined;
}

function scopeOf(who: Principal | undefined, source: string): OrgScope | undefined {
  if (who?.kind === 'person') return scopeOfPerson(who, source);
  if (who?.kind === 'agent') return { orgId: who.orgId, actor: { type: 'agent', id: who.employeeId }, source };
  return undefined;
}
