/** What every provider's effect has in common; the provider adds its own fields beside them. */
interface EffectEnvelope {
  /** Position in the log of the whole sandbox, from 1. */
  sequence: number;
  provider: string;
  team: string;
  method: string;
  request_id: string;
  /** ISO 8601 instant. */
  at: string;
}

export type EffectDetails = Record<string, unknown>;
type EffectRecord = EffectEnvelope & EffectDetails;

export interface EffectLog {
  record(source: Pick<EffectEnvelope, 'provider' | 'team' | 'method' | 'request_id'>, details: EffectDetails): void;
  /** Effects of one team, oldest first. */
  list(team: string): EffectRecord[];
}

/** The log of everything a provider really did: what a test counts to see that an effect happened once. */
export function createEffectLog(now: () => number): EffectLog {
  const records: EffectRecord[] = [];
  return {
    record(source, details) {
      records.push({ ...details, ...source, sequence: records.length + 1, at: new Date(now()).toISOString() });
    },
    list: (team) => records.filter((record) => record.team === team),
  };
}
