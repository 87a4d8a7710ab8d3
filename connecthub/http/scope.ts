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
  const { orgId, userId: id, impersonatedBy } = person;
  return { orgId, actor: { type: 'person', id, ...(impersonatedBy !== undefined && { impersonatedBy }) }, source };
}

/**
 * What somebody answers for in person, and their credentials, are not for whoever acts as them.
 *
 * @throws ClancyError `forbidden`
 */
export function assertNotImpersonated(person: PersonPrincipal): void {
  if (person.impersonatedBy !== undefined) {
    throw new ClancyError('forbidden', 'This cannot be done while acting as another person.', {
      next: 'Ask the person to do it.',
    });
  }
}
