import { randomUUID } from 'node:crypto';

type TokenKind = 'access' | 'refresh';
type TokenState = 'live' | 'used' | 'revoked';

/** What a token stands for; a refresh carries it over from one token to the next. */
export interface TokenGrant {
  provider: string;
  team: string;
  /** Who acts with it: a bot or a person. */
  subject: string;
  /** The provider's word for the kind of subject. */
  subjectType: string;
  scopes: readonly string[];
}

export interface StoredToken extends TokenGrant {
  value: string;
  kind: TokenKind;
  /** Tokens that came from one consent share it, so that they can be revoked together. */
  grantId: string;
  /** Null: never. */
  expiresAtMs: number | null;
  state: TokenState;
}

export interface TokenVault {
  add(token: Omit<StoredToken, 'state'>): void;
  find(value: string, kind: TokenKind): StoredToken | undefined;
  newGrantId(): string;
  /** Spends a single-use refresh token. */
  markUsed(value: string): void;
  revokeGrant(grantId: string): void;
  /** Makes the access tokens of a team expire now; their refresh tokens live on. */
  expireTeam(team: string): number;
  revokeTeam(team: string): number;
  /** Every token ever issued, dead ones included: what a leak test searches for. */
  list(): StoredToken[];
}

/** Keeps every token the sandbox ever issued, with its state. */
export function createTokenVault(now: () => number): TokenVault {
  const tokens = new Map<string, StoredToken>();
  const revoke = (matches: (token: StoredToken) => boolean): number => {
    const hit = [...tokens.values()].filter(matches);
    for (const token of hit) token.state = 'revoked';
    return hit.length;
  };
  return {
    add: (token) => void tokens.set(token.value, { ...token, state: 'live' }),
    find(value, kind) {
      const token = tokens.get(value);
      return token?.kind === kind ? token : undefined;
    },
    newGrantId: () => randomUUID(),
    markUsed(value) {
      const token = tokens.get(value);
      if (token !== undefined) token.state = 'used';
    },
    revokeGrant: (grantId) => void revoke((token) => token.grantId === grantId),
    expireTeam(team) {
      const hit = [...tokens.values()].filter((token) => token.team === team && token.kind === 'access');
      for (const token of hit) token.expiresAtMs = now();
      return hit.length;
    },
    revokeTeam: (team) => revoke((token) => token.team === team),
    list: () => [...tokens.values()],
  };
}
