import type { EffectDetails } from '../../core/effects.ts';
import type { Mailbox } from '../mailbox.ts';
import type { ParsedMail } from '../parse-mail.ts';

/** What a method may use: one mailbox, and the request. */
export interface MethodContext {
  mailbox: Mailbox;
  /** Out of the path. */
  id: string;
  query: unknown;
  /** Parsed JSON; undefined without a body. */
  body: unknown;
  /** The mail of the body, for methods with `raw`. */
  mail: () => ParsedMail;
  now: () => number;
  recordEffect: (details: EffectDetails) => void;
}

/** One method of the Gmail API. https://developers.google.com/workspace/gmail/api/reference/rest */
export interface GmailMethod {
  /** What faults and barriers name it by. */
  name: string;
  verb: 'GET' | 'POST';
  /** Below `/gmail/v1/users/me`; `:id` is the only parameter. */
  path: string;
  /** Scopes of which one is needed. */
  scopes: readonly string[];
  units: number;
  /** Where the mail stands in the body. */
  rawIn?: (body: unknown) => unknown;
  call(context: MethodContext): Record<string, unknown>;
}
