import { randomBytes } from 'node:crypto';

/** What every provider keeps of a consent that waits to be exchanged; each adds its own fields. */
interface CodeSubject {
  team: string;
  redirectUri: string;
}

type Redemption<T> = { consent: T } | { error: 'invalid_code' | 'code_already_used' | 'bad_redirect_uri' };

export interface CodeStore<T extends CodeSubject> {
  issue(consent: T): string;
  /** The team of a code, spent or not. */
  teamOf(code: string): string | undefined;
  /** Spends a code. A wrong redirect URI spends nothing. */
  redeem(code: string, redirectUri: string | undefined): Redemption<T>;
}

/** Authorization codes of one provider, each good for one exchange. */
export function createCodeStore<T extends CodeSubject>(now: () => number, lifetimeMs: number): CodeStore<T> {
  const codes = new Map<string, { consent: T; expiresAtMs: number; isUsed: boolean }>();
  return {
    issue(consent) {
      const code = `${randomBytes(6).readUIntBE(0, 6)}.${randomBytes(32).toString('hex')}`;
      codes.set(code, { consent, expiresAtMs: now() + lifetimeMs, isUsed: false });
      return code;
    },
    teamOf: (code) => codes.get(code)?.consent.team,
    redeem(code, redirectUri) {
      const record = codes.get(code);
      if (record === undefined || record.expiresAtMs <= now()) return { error: 'invalid_code' };
      if (record.isUsed) return { error: 'code_already_used' };
      if (record.consent.redirectUri !== redirectUri) return { error: 'bad_redirect_uri' };
      record.isUsed = true;
      return { consent: record.consent };
    },
  };
}
