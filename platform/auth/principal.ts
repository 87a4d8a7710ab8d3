import type { Permission, Role } from './permissions.ts';

/** A person, from a verified Clerk token. */
export type PersonPrincipal = {
  readonly kind: 'person';
  readonly userId: string;
  readonly orgId: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  /** Id of the token (JWT template). */
  readonly jti?: string;
  /** Id of the session (session token). */
  readonly sid?: string;
  /** The user behind the `act` claim. Logged; refused for credential actions. */
  readonly impersonatedBy?: string;
};

export const SERVICE_NAMES = ['agent_core', 'connecthub', 'worker'] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];

/** One of our own processes, from a verified Cognito token. Belongs to no organisation. */
export type ServicePrincipal = {
  readonly kind: 'service';
  readonly service: ServiceName;
  readonly clientId: string;
};

/** An employee, from a verified Cognito token with the claims that our trigger put in. */
export type AgentPrincipal = {
  readonly kind: 'agent';
  readonly orgId: string;
  /** Claim `agent_id`. */
  readonly employeeId: string;
  readonly clientId: string;
  /** Qualified capabilities such as `slack/slack.post`. */
  readonly capabilityScope: readonly string[];
};

/** Whoever is behind a request. */
export type Principal = PersonPrincipal | ServicePrincipal | AgentPrincipal;

/** Whether the person holds the permission. */
export function hasPermission(person: PersonPrincipal, permission: Permission): boolean {
  return person.permissions.includes(permission);
}

/** Whether the employee's token names exactly this qualified capability: no prefix, wildcard or case folding. */
export function hasCapability(agent: AgentPrincipal, qualifiedCapability: string): boolean {
  return agent.capabilityScope.includes(qualifiedCapability);
}
