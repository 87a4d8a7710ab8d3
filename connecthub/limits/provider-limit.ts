import { sql } from 'drizzle-orm';
import type { OrgTx } from '../../db/client.ts';
import { providerLimits } from '../../db/schema/hub/provider-limits.ts';
import type { Refusal } from '../providers/definition.ts';
import type { Capability } from '../providers/registry.ts';

/** Nobody waits longer on a provider's word than it takes to ask again: its answer may be a mistake. */
const LONGEST_MS = 86_400_000;

/** A provider's wish to be left alone for a while, over a connection. */
export interface ProviderLimit {
  connectionId: string;
  /** Qualified; empty: the connection as a whole. */
  capability: string;
  forMs: number;
  reason: string;
}

/** The wish that stands in a refusal, if any. */
export function limitIn(refusal: Refusal, connectionId: string, capability: Capability): ProviderLimit | undefined {
  const { code, reason, retryAfterMs, limit } = refusal;
  if (code !== 'provider_rate_limited' || retryAfterMs === undefined || limit !== undefined) return undefined;
  const isPerMethod = capability.provider.definition.limitsPer === 'method';
  const forMs = Math.min(retryAfterMs, LONGEST_MS);
  return { connectionId, capability: isPerMethod ? capability.qualified : '', forMs, reason };
}

/** Every copy keeps to it from now on. A shorter wish does not end a longer one. */
export async function rememberLimit(tx: OrgTx, { connectionId, capability, forMs, reason }: ProviderLimit): Promise<void> {
  const until = sql`clock_timestamp() + make_interval(secs => ${forMs / 1_000})`;
  const { orgId } = tx;
  await tx.db
    .insert(providerLimits)
    .values({ orgId, connectionId, capability, until, reason })
    .onConflictDoUpdate({
      target: [providerLimits.orgId, providerLimits.connectionId, providerLimits.capability],
      set: { until: sql`greatest(${providerLimits.until}, ${until})`, reason, updatedAt: sql`now()` },
    });
}
