import { randomBytes } from 'node:crypto';
import type { Answer } from '../core/answer.ts';

export interface Ticket {
  id: string;
  subject: string;
  body: string | null;
  priority: string;
  status: 'open' | 'closed';
  labels: string[];
  comments: string[];
  created_at: string;
  /** For nobody but the desk itself: no document speaks of it. */
  internal_note: string;
}

export interface DeskAccount {
  id: string;
  name: string;
  apiKey: string;
  tickets: Map<string, Ticket>;
  /** Answers by `Idempotency-Key`. */
  kept: Map<string, Answer>;
}

export interface DeskAccounts {
  create(name?: string): DeskAccount;
  find(id: string): DeskAccount | undefined;
  findByKey(apiKey: string): DeskAccount | undefined;
}

export function createDeskAccounts(): DeskAccounts {
  const accounts = new Map<string, DeskAccount>();
  return {
    create: (name = 'Desk') => {
      const id = `desk_${randomBytes(6).toString('hex')}`;
      const apiKey = `desk-key-${randomBytes(16).toString('hex')}`;
      const account = { id, name, apiKey, tickets: new Map(), kept: new Map() };
      accounts.set(id, account);
      return account;
    },
    find: (id) => accounts.get(id),
    findByKey: (apiKey) => [...accounts.values()].find((account) => account.apiKey === apiKey),
  };
}
