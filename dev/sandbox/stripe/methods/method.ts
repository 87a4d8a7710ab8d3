import type { z } from 'zod';
import type { EffectDetails } from '../../core/effects.ts';
import type { Account, StripeObject } from '../account.ts';

/** What a method works with. */
export interface MethodContext<P> {
  account: Account;
  /** The id in the path; empty without one. */
  id: string;
  params: P;
  /** Tells the log what was really done, and the account's listeners by an event. */
  done(event: string, object: StripeObject, details?: EffectDetails): void;
}

export interface StripeMethod {
  /** In words that faults and barriers name. */
  name: string;
  verb: 'GET' | 'POST' | 'DELETE';
  /** Below `/v1`, with `:id`. */
  path: string;
  params: z.ZodType;
  call(context: MethodContext<unknown>): Record<string, unknown>;
}

/** A method with its parameters' types. */
export function method<S extends z.ZodType>(
  name: string,
  [verb, path]: readonly [StripeMethod['verb'], string],
  params: S,
  call: (context: MethodContext<z.output<S>>) => Record<string, unknown>,
): StripeMethod {
  return { name, verb, path, params, call };
}
