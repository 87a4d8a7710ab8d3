import type { FastifyRequest } from 'fastify';
import { ClancyError } from '../../contracts/errors.ts';
import type { Permission } from '../auth/permissions.ts';
import {
  hasPermission,
  type AgentPrincipal,
  type PersonPrincipal,
  type Principal,
  type ServiceName,
  type ServicePrincipal,
} from '../auth/principal.ts';

/** Who may use a route. Each route declares one; a route without it does not boot. */
export type Access =
  | { principal: 'public' }
  | { principal: 'person'; permission: Permission }
  | { principal: 'service'; services: ServiceName[] }
  | { principal: 'agent' }
  /** A person with the permission, or an employee. */
  | { principal: 'person_or_agent'; permission: Permission }
  /** A person with the permission, or one of our own services. */
  | { principal: 'person_or_service'; permission: Permission; services: ServiceName[] };

/** The production verifiers, as the server needs them. Each throws on a token it does not accept. */
export interface Verifiers {
  person?: (token: string) => Promise<PersonPrincipal>;
  service?: (token: string) => Promise<ServicePrincipal>;
  agent?: (token: string) => Promise<AgentPrincipal>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    principal?: Principal;
    /** The bearer as it came: forwarded from Agent-Core to ConnectHub only. */
    bearer?: string;
  }
}

/**
 * Verifies the bearer against the route's declaration. `onVerified` hears who it is before it is decided what they may do.
 *
 * @throws ClancyError `unauthenticated` (no, bad or wrong kind of token) or `forbidden` (permission missing).
 */
export async function authorise(
  access: Access,
  bearer: string | undefined,
  verifiers: Verifiers,
  onVerified?: (principal: Principal) => Promise<void>,
): Promise<Principal | undefined> {
  if (access.principal === 'public') return undefined;
  if (bearer === undefined) throw unauthenticated('A bearer token is required.');
  const principal = await verify(access, bearer, verifiers);
  await onVerified?.(principal);
  assertAllowed(access, principal);
  return principal;
}

function assertAllowed(access: Access, principal: Principal): void {
  if (principal.kind === 'service' && 'services' in access && !access.services.includes(principal.service)) {
    throw new ClancyError('forbidden', `The service ${principal.service} may not use this route.`);
  }
  if (principal.kind === 'person' && 'permission' in access && !hasPermission(principal, access.permission)) {
    throw new ClancyError('forbidden', `The permission ${access.permission} is required.`, {
      next: 'Ask an owner or admin of the organisation for a role that holds it.',
      extra: { permission: access.permission },
    });
  }
}

async function verify(access: Access, bearer: string, verifiers: Verifiers): Promise<Principal> {
  for (const kind of verifierKinds(access)) {
    try {
      const principal = await verifiers[kind]?.(bearer);
      if (principal) return principal;
    } catch (error) {
      if (error instanceof ClancyError && error.code !== 'unauthenticated') throw error;
    }
  }
  throw unauthenticated('The token is not valid for this route.');
}

function verifierKinds(access: Access): (keyof Verifiers)[] {
  if (access.principal === 'person_or_agent') return ['person', 'agent'];
  if (access.principal === 'person_or_service') return ['person', 'service'];
  return access.principal === 'public' ? [] : [access.principal];
}

function unauthenticated(message: string): ClancyError {
  return new ClancyError('unauthenticated', message, {
    next: 'Send `Authorization: Bearer <token>` with a current token of the right kind.',
  });
}

/** `Authorization: Bearer …` (RFC 6750, 2.1). Never from the query string. */
export function bearerOf(header: string | undefined): string | undefined {
  const match = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '');
  return match?.[1];
}

/** The person behind a request to a route that declares `person`. */
export function personOf(request: FastifyRequest): PersonPrincipal {
  return expectKind(request.principal, 'person');
}

/** The employee behind a request to a route that declares `agent`. */
export function agentOf(request: FastifyRequest): AgentPrincipal {
  return expectKind(request.principal, 'agent');
}

function expectKind<K extends Principal['kind']>(principal: Principal | undefined, kind: K): Extract<Principal, { kind: K }> {
  if (principal?.kind !== kind) throw new ClancyError('unauthenticated', `This route is for a ${kind}.`);
  return principal as Extract<Principal, { kind: K }>;
}
