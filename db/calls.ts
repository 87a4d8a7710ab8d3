import type { Json, JsonObject } from '../contracts/json.ts';
import type { AtOnce } from './at-once.ts';
import type { OrgScope } from './scope.ts';

/** The two changes of the ledger that a call makes which goes well, each one round trip (migration `quick_calls`). */
export interface HubCalls {
  /** none -> `in_flight` with all that belongs to it, or nothing at all. */
  begin(scope: OrgScope, call: BeginCall): Promise<BegunCall>;
  /** `in_flight` or `maybe` -> `succeeded`; false: the entry has moved on, nothing was changed. */
  finish(scope: OrgScope, call: FinishCall): Promise<boolean>;
}

export interface BeginCall {
  key: string;
  /** Versions of the rows that the right to make the call was read from. */
  standing: string;
  /** Row of the connection whose token goes out. */
  token_row: string;
  digest: string;
  capability: string;
  capability_version: number;
  connection_id: string;
  employee_id: string;
  run_id: string;
  risk: string;
  idempotency: string;
  native_key: string;
  reserved_on: string | null;
  reserved_currency: string | null;
  reserved_amount: string | null;
  owner: string;
  lease_seconds: number;
  employee_version: number;
  initiator_type: string;
  initiator_id: string;
  parameters_summary: string;
  rates: readonly RateOfCall[];
  callsAtOnce: number;
  lines: readonly BudgetLineOfCall[];
}

export interface RateOfCall {
  connectionId: string;
  key: string;
  units: number;
  most: number;
  slotMs: number;
}

export interface BudgetLineOfCall {
  kind: string;
  subject: string;
  period: string;
  unit: string;
  amount: string;
  most: string;
}

/** `outcome` other than `begun`: nothing was changed, and what stands in the way. */
export interface BegunCall {
  outcome: 'begun' | 'changed' | 'known' | 'no_room' | 'too_many' | 'no_budget';
  fence: number;
  createdAt: Date;
}

export interface FinishCall {
  key: string;
  fence: number;
  owner: string;
  createdAt: Date;
  result: Json | null;
  effectId: string | null;
  attempt: { at: string; outcome: string; latency_ms: number; code?: string; cost_units: number };
  /** Of the audit row. */
  details: JsonObject;
}

const BEGIN = `select outcome, fence::int as fence, created_at as "createdAt"
  from hub.begin_call($1, $2::jsonb, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;
const FINISH = 'select hub.finish_call($1, $2::jsonb, $3::jsonb) as done';

export function hubCalls(atOnce: AtOnce): HubCalls {
  return {
    begin: async (scope, { rates, callsAtOnce, lines, ...facts }) => {
      const values = [
        JSON.stringify({ ...facts, ...whoIn(scope) }),
        rates.map(({ connectionId }) => connectionId),
        rates.map(({ key }) => key),
        rates.map(({ units }) => units),
        rates.map(({ most }) => most),
        rates.map(({ slotMs }) => slotMs),
        callsAtOnce,
        lines.map(({ kind }) => kind),
        lines.map(({ subject }) => subject),
        lines.map(({ period }) => period),
        lines.map(({ unit }) => unit),
        lines.map(({ amount }) => amount),
        lines.map(({ most }) => most),
      ];
      const [begun] = await atOnce<BegunCall>(scope.orgId, { name: 'begin_call', text: BEGIN, values }, (rows) =>
        rows[0]?.outcome === 'begun' ? [entry('call.begin', facts.key)] : [],
      );
      if (!begun) throw new Error('begin_call gave no row');
      return begun;
    },
    finish: async (scope, { result, effectId, createdAt, ...facts }) => {
      const said = JSON.stringify({ ...facts, ...whoIn(scope), effect_id: effectId, created_at: createdAt });
      const values = [said, result === null ? null : JSON.stringify(result)];
      const rows = await atOnce<{ done: boolean }>(scope.orgId, { name: 'finish_call', text: FINISH, values }, ([row]) =>
        row?.done === true ? [entry('call.succeeded', facts.key)] : [],
      );
      return rows[0]?.done === true;
    },
  };
}

function whoIn({ actor, source }: OrgScope) {
  return { actor_id: actor.id, source };
}

function entry(action: string, key: string) {
  return { action, objectType: 'call', objectId: key, allowed: true };
}
