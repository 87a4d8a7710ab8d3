import type { FastifyRequest } from 'fastify';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgScope } from '../../db/client.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import { personOf } from '../../platform/http/access.ts';

/** The organisation and the person behind a request, as a transaction and its audit rows want them. */
export function scopeOfPerson(request: FastifyRequest): OrgScope {
  return scopeOf(personOf(request), request.ip);
}

export function scopeOf(person: PersonPrincipal, source: string): OrgScope {
  return { orgId: person.orgId, actor: { type: 'person', id: person.userId }, source };
}

/** Somebody who acts as another person must not touch that person's credentials. */
export function assertNotImpersonated(person: PersonPrincipal): void {
  if (person.impersonatedBy !== undefined) {
    throw new ClancyError('forbidden', 'Connections cannot be changed while acting as another person.');
  }
}
