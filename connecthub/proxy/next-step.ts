import type { Risk } from '../../contracts/capability.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** What to do with a call, given what the ledger knows (design, "Effects happen once", 0, 3, 4 and 5). */
export type NextStep =
  /** Steps 1 and 2: check everything, then send. */
  | { kind: 'attempt' }
  /** The effect stands: its stored result, without further checks. */
  | { kind: 'replay'; entry: LedgerEntry }
  /** The provider's final no, as stored: whatever is asked for now, the id makes no effect any more. */
  | { kind: 'refuse'; entry: LedgerEntry }
  | { kind: 'in_flight'; retryAfterMs: number }
  | { kind: 'settling'; retryAfterMs: number }
  /** Find out what became of it, then look again. */
  | { kind: 'settle'; entry: LedgerEntry }
  | { kind: 'unknown'; entry: LedgerEntry }
  /** A read with other parameters than the first one under its id. */
  | { kind: 'variant'; key: string }
  /** A write with other parameters than those whose effect stands: stops and asks. */
  | { kind: 'conflict'; entry: LedgerEntry };

export interface Asked {
  callId: string;
  key: string;
  /** Risk of the capability asked for; undefined where there is no such capability. */
  risk: Risk | undefined;
  digest: string;
  /** Whether the entry is of this very call: same capability, same digest under the version it ran with. */
  isSameAs: (entry: LedgerEntry) => boolean;
}

export function nextStep(entry: LedgerEntry | undefined, asked: Asked): NextStep {
  if (entry === undefined) return { kind: 'attempt' };
  if (entry.state === 'refused' && entry.retryable) return { kind: 'attempt' };
  const isSame = asked.isSameAs(entry);
  if (!isSame && asked.risk === 'read' && asked.key === asked.callId) {
    return { kind: 'variant', key: `${asked.callId}~${asked.digest.slice(0, 8)}` };
  }
  switch (entry.state) {
    case 'succeeded':
      return { kind: isSame ? 'replay' : 'conflict', entry };
    // Whatever the parameters: what became of the first ones must be known before people can compare.
    case 'refused':
      return { kind: 'refuse', entry };
    case 'unknown':
      return { kind: 'unknown', entry };
    case 'in_flight':
      return entry.leaseLeftMs > 0 ? { kind: 'in_flight', retryAfterMs: entry.leaseLeftMs } : { kind: 'settle', entry };
    case 'maybe':
      return entry.settleInMs > 0 ? { kind: 'settling', retryAfterMs: entry.settleInMs } : { kind: 'settle', entry };
  }
}
