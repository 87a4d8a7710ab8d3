import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { finishLeftConnections } from '../jobs/left-connections.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { HubCopy } from '../testing/hub-copy.ts';
import type { Office } from '../testing/office.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

const ACCESS = 'oauth.v2.access';
const row = async () =>
  (
    await harness.owner.query(
      `select token_version as version, refresh_failures as failures, refresh_until > now() as waits,
         extract(epoch from token_refresh_at - now())::float8 / extract(epoch from token_expires_at - now())::float8 as due
       from hub.connections where org_id = $1 and connection_id = $2`,
      [office.orgId, office.connectionId],
    )
  ).rows[0];
/** Three quarters of its life are over; the rest of it lasts. */
const letTokenBeDue = () =>
  harness.owner.query(
    `update hub.connections set token_refresh_at = now() - interval '1 second', token_expires_at = now() + interval '1 hour'
     where org_id = $1`,
    [office.orgId],
  );
const read = (hub: HubCopy = harness.hub) => office.call('slack.channels.list', {}, { hub });
const refreshes = async () =>
  (await harness.surroundings.sandbox.requests(office.team)).filter(({ args }) => args['grant_type'] === 'refresh_token');
const failing = async () => {
  const { providers } = (await office.asPerson('GET', '/health')).json as {
    providers: { id: string; failing_refreshes: number }[];
  };
  return providers.find(({ id }) => id === 'slack')?.failing_refreshes;
};

describe('a token of which three quarters are over', () => {
  it('is known by its life', async () => {
    expect((await row())?.['due']).toBeGreaterThanOrEqual(0.69);
    expect((await row())?.['due']).toBeLessThanOrEqual(0.81);
  });

  it('serves all calls while another is fetched behind them, once, over no connection of the database', async () => {
    await letTokenBeDue();
    const before = await row();
    await read();
    await harness.hub.parts.tokens.idle();
    expect(await row()).toMatchObject({ version: before?.['version'] + 1, failures: 0 });

    await letTokenBeDue();
    const barrier = await harness.surroundings.sandbox.barrier({ team: office.team, method: ACCESS });
    const answers = await Promise.all(Array.from({ length: 8 }, () => read()));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await barrier.waitUntilHeld();
    const held = await harness.owner.query(
      `select query from pg_stat_activity where usename = 'hub_runtime' and datname = current_database() and state <> 'idle'`,
    );
    expect(held.rows).toEqual([]);
    expect((await read()).status).toBe(200);
    await barrier.release();
    await harness.hub.parts.tokens.idle();
    expect(await row()).toMatchObject({ version: before?.['version'] + 2 });
    expect(await refreshes()).toHaveLength(2);
  });

  it('hurts no call where no other can be had, is left alone for longer each time, and shows', async () => {
    await letTokenBeDue();
    await harness.surroundings.sandbox.inject({ team: office.team, method: ACCESS, times: 2, kind: 'status', status: 500 });
    for (const failures of [1, 2]) {
      for (let n = 0; n < 3; n += 1) {
        expect((await read()).status).toBe(200);
        await harness.hub.parts.tokens.idle();
      }
      expect(await row()).toMatchObject({ failures, waits: true });
      expect(await refreshes()).toHaveLength(failures);
      expect(await failing()).toBe(1);
      await harness.owner.query('update hub.connections set refresh_until = now() where org_id = $1', [office.orgId]);
    }
    await read();
    await harness.hub.parts.tokens.idle();
    expect(await row()).toMatchObject({ failures: 0 });
    expect(await failing()).toBe(0);
  });

  it('is not lost by a copy that is asked to end while it fetches another', async () => {
    const copy = await harness.copy();
    await letTokenBeDue();
    const before = await row();
    const barrier = await harness.surroundings.sandbox.barrier({ team: office.team, method: ACCESS });
    await read(copy);
    await barrier.waitUntilHeld();
    const closing = copy.close();
    await barrier.release();
    await closing;
    expect(await row()).toMatchObject({ version: before?.['version'] + 1 });
  });
});

describe('what a copy left behind that died', () => {
  it('at a refresh is gone on with, though nobody calls', async () => {
    await harness.owner.query(
      `update hub.connections set refresh_owner = 'gone', refresh_until = now() - interval '1 second' where connection_id = $1`,
      [office.connectionId],
    );
    await waitUntil(async () => (await finishLeftConnections(harness.hub.parts)) === 0, {
      timeoutMs: 10_000,
      what: 'nothing left',
    });
    expect(await row()).toMatchObject({ version: 3 });
    expect(await refreshes()).toHaveLength(1);
  });

  it('at the end of a grant is gone on with: revoked, then erased', async () => {
    await harness.owner.query(
      `update hub.connections set status = 'disconnected', refresh_owner = 'gone', refresh_until = now() - interval '1 second'
       where connection_id = $1`,
      [office.connectionId],
    );
    await finishLeftConnections(harness.hub.parts);
    expect((await harness.surroundings.sandbox.effects(office.team)).map(({ method }) => method)).toEqual(['auth.revoke']);
    const { rows } = await harness.owner.query(
      'select access_token, refresh_owner from hub.connections where connection_id = $1',
      [office.connectionId],
    );
    expect(rows).toEqual([{ access_token: null, refresh_owner: null }]);
  });
});

describe('a connection that needs its person', () => {
  it('shows in the catalogue and the list, and Agent-Core is told of it once', async () => {
    await letTokenBeDue();
    await harness.surroundings.sandbox.inject({
      team: office.team,
      method: ACCESS,
      kind: 'error',
      error: 'invalid_refresh_token',
    });
    await read();
    await harness.hub.parts.tokens.idle();
    expect((await office.asPerson('GET', '/connections')).json).toMatchObject({ items: [{ status: 'needs_reauth' }] });
    const { providers } = (await office.asPerson('GET', '/capabilities?provider=slack')).json as { providers: object[] };
    expect(providers).toMatchObject([{ connections: [{ connection_id: office.connectionId, status: 'needs_reauth' }] }]);
    expect((await read()).json).toMatchObject({ code: 'connection_needs_reauth' });
    const { rows } = await harness.owner.query(
      `select payload->>'status' as status, payload->>'reason' as reason from hub.outbox where org_id = $1 and kind = 'connection_changed' order by id`,
      [office.orgId],
    );
    expect(rows).toEqual([
      { status: 'active', reason: null },
      { status: 'needs_reauth', reason: 'invalid_refresh_token' },
    ]);
  });
});
