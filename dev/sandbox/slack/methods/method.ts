import type { z } from 'zod';
import type { EffectDetails } from '../../core/effects.ts';
import type { StoredToken } from '../../core/tokens.ts';
import { parseArgs } from '../args.ts';
import type { RawArgs } from '../args.ts';
import { SlackError } from '../errors.ts';
import type { Workspace } from '../workspace.ts';

/** What a method may use: one workspace, seen through one token. */
export interface MethodContext {
  workspace: Workspace;
  token: StoredToken;
  /** User id that acts. */
  actor: string;
  isBot: boolean;
  now: () => number;
  recordEffect: (details: EffectDetails) => void;
  /** Kills every token of one consent. */
  revokeGrant: (grantId: string) => void;
}

export type SlackBody = Record<string, unknown>;

export interface SlackMethod {
  name: string;
  /** Scopes of which one is needed before the arguments are looked at; null where none is. */
  scopes: readonly string[] | null;
  call(context: MethodContext, args: RawArgs): SlackBody;
}

/** Binds a method to its argument schema. */
export function defineMethod<T>(method: {
  name: string;
  scopes: readonly string[] | null;
  args: z.ZodType<T>;
  run(context: MethodContext, args: T): SlackBody;
}): SlackMethod {
  return {
    name: method.name,
    scopes: method.scopes,
    call(context, args) {
      if (method.scopes !== null) requireAnyScope(context.token, method.scopes);
      return method.run(context, parseArgs(method.args, args));
    },
  };
}

/** Refuses a token without any of the scopes, naming what is needed and what was granted. */
export function requireAnyScope(token: StoredToken, scopes: readonly string[]): void {
  if (scopes.some((scope) => token.scopes.includes(scope))) return;
  throw new SlackError('missing_scope', { needed: scopes.join(','), provided: token.scopes.join(',') });
}
