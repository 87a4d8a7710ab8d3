import { isEffect, type CapabilityDefinition, type OAuthDefinition } from '../providers/definition.ts';

export interface Asked {
  /** What the account is connected for. */
  capabilities: readonly CapabilityDefinition[];
  /** What the connection has already: a consent that leaves something out may take it away. */
  held: readonly string[];
}

/**
 * The scopes that a person is asked for: those that the capabilities need, those by which a lost answer is found again,
 * and those of no capability in particular, such as who the account is.
 */
export function wantedScopes(
  { oauth, capabilities: all }: { oauth: Pick<OAuthDefinition, 'scopes'>; capabilities: readonly CapabilityDefinition[] },
  { capabilities, held }: Asked,
): string[] {
  const anyones = new Set(all.flatMap(scopesOf));
  const wanted = new Set([...capabilities.flatMap(scopesOf), ...held]);
  return oauth.scopes.filter((scope) => wanted.has(scope) || !anyones.has(scope));
}

function scopesOf(capability: CapabilityDefinition): readonly string[] {
  const settling = isEffect(capability) ? (capability.lookup?.scopes ?? []) : [];
  return [...capability.scopes, ...(capability.optionalScopes ?? []), ...settling];
}
