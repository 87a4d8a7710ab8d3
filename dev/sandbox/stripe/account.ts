import { randomBytes } from 'node:crypto';
import type { Answer } from '../core/answer.ts';
import { seed } from './seed.ts';

export type Kind = 'customer' | 'invoice' | 'charge' | 'refund' | 'payment_link' | 'event';
export type StripeObject = Record<string, unknown> & { id: string; object: string; created: number };

const PREFIX: { readonly [kind in Kind]: string } = {
  customer: 'cus',
  invoice: 'in',
  charge: 'ch',
  refund: 're',
  payment_link: 'plink',
  event: 'evt',
};

/** What was answered under an idempotency key, and to what. */
export interface Kept {
  fingerprint: string;
  requestId: string;
  answer: Answer;
  atMs: number;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly objects: { readonly [kind in Kind]: StripeObject[] };
  readonly kept: Map<string, Kept>;
  /** Keys of requests under way, with the request. */
  readonly inUse: Map<string, string>;
  nextNumber: number;
  now(): number;
  add(kind: Kind, members: Record<string, unknown>): StripeObject;
  find(kind: Kind, id: string): StripeObject | undefined;
}

export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

/** A test account with its seed. */
export function createAccount(id: string, now: () => number): Account {
  const account: Account = {
    id,
    name: 'Millrace Bindery',
    objects: { customer: [], invoice: [], charge: [], refund: [], payment_link: [], event: [] },
    kept: new Map(),
    inUse: new Map(),
    nextNumber: 1,
    now,
    add(kind, members) {
      const common = { id: newId(PREFIX[kind]), object: kind, created: Math.floor(now() / 1_000), livemode: false };
      const made = { ...common, ...members } as StripeObject;
      account.objects[kind].push(made);
      return made;
    },
    find: (kind, wanted) => account.objects[kind].find((one) => one.id === wanted),
  };
  seed(account);
  return account;
}
