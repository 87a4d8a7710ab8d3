import { randomBytes } from 'node:crypto';

/** What a code stands for: whom it signs in, and the request that it answers. */
export interface Grant<Person> {
  readonly person: Person;
  readonly redirectUri: string;
  readonly nonce: string | undefined;
}

const LIFETIME_MS = 60_000;

/** Authorisation codes: each is good once, for a minute. */
export function createCodes<Person>(nowMs: () => number) {
  const open = new Map<string, Grant<Person> & { endsAtMs: number }>();
  return {
    issue(grant: Grant<Person>): string {
      const code = randomBytes(24).toString('base64url');
      open.set(code, { ...grant, endsAtMs: nowMs() + LIFETIME_MS });
      return code;
    },
    /** Undefined for a code that was never given, was used, or is too old. */
    take(code: string): Grant<Person> | undefined {
      const grant = open.get(code);
      open.delete(code);
      return grant && grant.endsAtMs > nowMs() ? grant : undefined;
    },
  };
}
