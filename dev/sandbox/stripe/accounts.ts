import { randomBytes } from 'node:crypto';
import { createAccount } from './account.ts';
import type { Account } from './account.ts';

/** Where a person lands who names no account. */
export const HOME_ACCOUNT = 'acct_1MillraceBindery';
export const ACCOUNT_ID = /^acct_\w{5,40}$/;

export interface Accounts {
  find(id: string): Account | undefined;
  /** Makes (or finds) a seeded account; a new one of its own where none is named. */
  ensure(id?: string): Account;
}

export function createAccounts(now: () => number): Accounts {
  const accounts = new Map<string, Account>();
  return {
    find: (id) => accounts.get(id),
    ensure(id = `acct_1${randomBytes(8).toString('hex')}`) {
      const account = accounts.get(id) ?? createAccount(id, now);
      accounts.set(id, account);
      return account;
    },
  };
}
