import { isEffect, tokenKindOf, type CapabilityDefinition, type OAuthDefinition } from '../providers/definition.ts';
import type { TokenKind } from '../tokens/token-kind.ts';

/** Scopes of the connection's own token, and of the token of the person besides. */
export interface Scopes {
  own: readonly string[];
  user: readonly string[];
}

export interface Asked {
  /** What the account is connected for. */
  capabilities: readonly CapabilityDefinition[];
  /** What the connection has already: a consent that leaves something out may take it away. */
  held: Scopes;
}

/**
 * The scopes that a person is asked for: those that the capabilities need, those by which a lost answer is found again,
 * and those of no capability in particular, such as who the account is.
 */
export function wantedScopes(
  { oauth, capabilities }: { oauth: Pick<OAuthDefinition, 'scopes' | 'user'>; capabilities: readonly CapabilityDefinition[] },
  asked: Asked,
): Scopes {
  const pick = (kind: TokenKind, offered: readonly string[], held: readonly string[]): string[] => {
    const isOfKind = (capability: CapabilityDefinition): boolean => tokenKindOf(capability) === kind;
    const anyones = new Set(capabilities.filter(isOfKind).flatMap(scopesOf));
    const wanted = new Set([...asked.capabilities.filter(isOfKind).flatMap(scopesOf), ...held]);
    return offered.filter((scope) => wanted.has(scope) || !anyones.has(scope));
  };
  return { own: pick('bot', oauth.scopes, asked.held.own), user: pick('user', oauth.user?.scopes ?? [], asked.held.user) };
}

function scopesOf(capability: CapabilityDefinition): readonly string[] {
  const settling = isEffect(capability) ? (capability.lookup?.scopes ?? []) : [];
  return [...capability.scopes, ...(capability.optionalScopes ?? []), ...settling];
}
