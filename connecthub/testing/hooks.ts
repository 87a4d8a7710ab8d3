import type { ProviderId } from '../../dev/sandbox/providers.ts';
import { forwardEvents } from '../webhooks/forward.ts';
import { renewSubscriptions } from '../webhooks/renew.ts';
import { startAgentCore, type StandInAgentCore } from './agent-core.ts';
import { hubHarness, type HubHarness } from './harness.ts';
import type { HubCopy } from './hub-copy.ts';

/** Two copies of ConnectHub that listen to providers, and what stands for Agent-Core behind them. */
export interface HookHarness extends HubHarness {
  readonly agentCore: StandInAgentCore;
  readonly copies: readonly [HubCopy, HubCopy];
  /** Of `POST /hooks`, at each of the copies. */
  readonly addresses: readonly [string, string];
  /** The provider tells, until it is taken: statuses of the attempts. */
  deliver(provider: ProviderId, event: object, copy?: 0 | 1): Promise<(number | null)[]>;
  /** One round of carrying on, at one of the copies. */
  forward(copy?: 0 | 1): Promise<number>;
  renew(): Promise<number>;
  /** Lets the leases and pauses of events and subscriptions end. */
  passPauses(orgId: string): Promise<void>;
  /** Rows of an organisation, in their order. */
  events(orgId: string): Promise<{ type: string; external_id: string; state: string }[]>;
}

export async function hookHarness(env: { [variable: string]: string } = {}): Promise<HookHarness> {
  const harness = await hubHarness();
  const agentCore = await startAgentCore(harness.surroundings);
  const copies = [await harness.copy(env), await harness.copy(env)] as const;
  const listen = async ({ app }: HubCopy) => `${await app.listen({ host: '127.0.0.1', port: 0 })}/hooks`;
  const addresses = [await listen(copies[0]), await listen(copies[1])] as const;
  const { owner, surroundings } = harness;
  return {
    ...harness,
    agentCore,
    copies,
    addresses,
    deliver: async (provider, event, copy = 0) => {
      const attempts = await surroundings.sandbox.deliver(provider, { url: `${addresses[copy]}/${provider}`, event });
      return attempts.map(({ status }) => status);
    },
    forward: (copy = 0) => forwardEvents({ ...copies[copy].parts, agentCore: agentCore.client }),
    renew: () => renewSubscriptions(copies[0].parts),
    passPauses: async (orgId) => {
      await owner.query(`update hub.webhook_events set lease_until = now() - interval '1 s' where org_id = $1`, [orgId]);
      await owner.query(`update hub.webhook_subscriptions set lease_until = null where org_id = $1`, [orgId]);
    },
    events: async (orgId) => {
      const { rows } = await owner.query<{ type: string; external_id: string; state: string }>(
        `select type, external_id,
           case when parked_at is not null then 'parked' when sent_at is not null then 'sent' else 'unsent' end as state
         from hub.webhook_events where org_id = $1 order by position`,
        [orgId],
      );
      return rows;
    },
    close: async () => {
      await agentCore.close();
      await harness.close();
    },
  };
}
