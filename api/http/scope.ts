import type { FastifyRequest } from 'fastify';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgScope } from '../../db/client.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import { personOf } from '../../platform/http/access.ts';

/** The organisation and the person behind a request, as the transaction and its audit rows want them. */
export function scopeOf(request: FastifyRequest): OrgScope {
  const person = personOf(request);
  return { orgId: person.orgId, actor: actorOf(person), source: request.ip };
}

export function actorOf({ userId, impersonatedBy }: PersonPrincipal): OrgScope['actor'] {
  return { type: 'person', id: userId, ...(impersonatedBy !== undefined && { impersonatedBy }) };
}

/**
 * What somebody answers for in person cannot be done while acting as them.
 * @throws ClancyError `forbidden`
 */
export function assertNotImpersonated({ actor }: Pick<OrgScope, 'actor'>): void {
  if (actor.impersonatedBy === undefined) return;
  throw new ClancyError('forbidden', 'This cannot be done while acting as another person.', {
    next: 'Ask the person to do it.',
  });
}

/** Work that nobody asked for over HTTP: the relay, the reconciler, an activity. */
export function systemScope(orgId: string, process: string): OrgScope {
  return { orgId, actor: { type: 'system', id: process }, source: process };
}
