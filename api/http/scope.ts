import type { FastifyRequest } from 'fastify';
import type { OrgScope } from '../../db/client.ts';
import { personOf } from '../../platform/http/access.ts';

/** The organisation and the person behind a request, as the transaction and its audit rows want them. */
export function scopeOf(request: FastifyRequest): OrgScope {
  const person = personOf(request);
  return { orgId: person.orgId, actor: { type: 'person', id: person.userId }, source: request.ip };
}

/** Work that nobody asked for over HTTP: the relay, the reconciler, an activity. */
export function systemScope(orgId: string, process: string): OrgScope {
  return { orgId, actor: { type: 'system', id: process }, source: process };
}
