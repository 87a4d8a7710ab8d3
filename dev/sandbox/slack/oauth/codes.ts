import { randomBytes } from 'node:crypto';

/** What a person allowed, waiting to be exchanged. */
export interface Consent {
  team: string;
  redirectUri: string;
  botScopes: string[];
  userScopes: string[];
}

type CodeRecord = Consent & { expiresAtMs: number; isUsed: boolean };

type Redemption = { consent: Consent } | { error: 'invalid_code' | 'code_already_used' | 'bad_redirect_uri' };

export interface CodeStore {
  issue(consent: Consent): string;
  /** The team of a code, spent or not. */
  teamOf(code: string): string | undefined;
  /** Spends a code. A wrong redirect URI spends nothing. */
  redeem(code: string, redirectUri: string | undefined): Redemption;
}

/** Slack's codes live ten minutes (https://docs.slack.dev/authentication/installing-with-oauth). */
const CODE_LIFETIME_MS = 600_000;

export function createCodeStore(now: () => number): CodeStore {
  const codes = new Map<string, CodeRecord>();
  return {
    issue(consent) {
      const code = `${randomBytes(6).readUIntBE(0, 6)}.${randomBytes(32).toString('hex')}`;
      codes.set(code, { ...consent, expiresAtMs: now() + CODE_LIFETIME_MS, isUsed: false });
      return code;
    },
    teamOf: (code) => codes.get(code)?.team,
    redeem(code, redirectUri) {
      const record = codes.get(code);
      if (record === undefined || record.expiresAtMs <= now()) return { error: 'invalid_code' };
      if (record.isUsed) return { error: 'code_already_used' };
      if (record.redirectUri !== redirectUri) return { error: 'bad_redirect_uri' };
      record.isUsed = true;
      return { consent: record };
    },
  };
}
