import { ClancyError, type ErrorDetails } from '../../contracts/errors.ts';
import type { KeptLimit, Refusal } from './definition.ts';

/** A provider that provably did nothing, thrown by hooks that read. */
export class ProviderRefusal extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.reason}`);
    this.name = 'ProviderRefusal';
    this.refusal = refusal;
  }
}

/** The provider's word as it may stand in an answer or a log: text from outside never does as it came. */
export function safeReason(word: unknown): string {
  return typeof word === 'string' && /^[a-z0-9_.]{1,80}$/.test(word) ? word : 'unreadable_answer';
}

const SENTENCES: { [code in Refusal['code']]?: string } = {
  provider_rate_limited: 'asks to slow down',
  provider_unavailable: 'cannot be reached right now',
  connection_needs_reauth: 'no longer accepts the connection',
  scope_missing: 'wants a scope that the connection does not have',
  capability_suspended: 'describes the tool otherwise than it was accepted, so it was not called',
};

const NEXT: { [code in Refusal['code']]?: string } = {
  provider_rate_limited: 'Repeat the call after the time in Retry-After.',
  provider_unavailable: 'Repeat the call after the time in Retry-After.',
  connection_needs_reauth: 'Connect the account again: GET /oauth/launch/{provider}.',
  scope_missing: 'Connect the account again and allow the scope.',
  capability_suspended: 'Look at what has changed, and accept it or take the tool out: clancy providers review <provider>.',
};

/** A refusal as the caller hears of it. */
export function refusalError(provider: string, refusal: Refusal, details: ErrorDetails = {}): ClancyError {
  const next = NEXT[refusal.code];
  return new ClancyError(refusal.code, `${provider} ${sentenceOf(refusal)}.`, {
    ...(next !== undefined && { next }),
    ...(refusal.retryAfterMs !== undefined && { retryAfterMs: refusal.retryAfterMs }),
    ...details,
    extra: { provider_code: refusal.reason, ...(refusal.limit && { limit: limitToWire(refusal.limit) }), ...details.extra },
  });
}

function sentenceOf({ code, reason, limit }: Refusal): string {
  if (limit) return `allows no more than ${limit.most} in ${limit.perMs / 1_000} s (${limit.name})`;
  return `${SENTENCES[code] ?? 'refused the call'} (${reason})`;
}

/** A limit in a problem body. */
export function limitToWire({ name, most, perMs }: KeptLimit) {
  return { name, most, per_seconds: perMs / 1_000 };
}
