import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { breakUpdateOf } from '../testing/break-update.ts';
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

/** The row says that the token ends in a moment; the provider agrees. */
async function letTokenEnd(seconds = 1): Promise<void> {
  await harness.surroundings.sandbox.expireTokens(office.team);
  await harness.owner.query(`update hub.connections set token_expires_at = now() + make_interval(secs => $2) where org_id = $1`, [
    office.orgId,
    seconds,
  ]);
}

const refreshes = async () =>
  (await harness.surroundings.sandbox.requests(office.team)).filter(
    ({ method, args }) => method === 'oauth.v2.access' && args['grant_type'] === 'refresh_token',
  );
const row = async () =>
  (
    await harness.owner.query('select status, token_version, refresh_owner from hub.connections where org_id = $1', [
      office.orgId,
    ])
  ).rows[0];
const read = (hub: HubCopy = harness.hub) => office.call('slack.channels.list', {}, { hub });
const failRefresh = (fault: object, times = 1) =>
  harness.surroundings.sandbox.inject({ team: office.team, method: 'oauth.v2.access', times, ...fault } as Parameters<
    typeof harness.surroundings.sandbox.inject
  >[0]);

const AT_THE_LEASE = `
  select from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and query like 'update "hub"."connections"%'`;

describe('a token that is about to end', () => {
  it('row 28: is refreshed once by two copies with twenty-five calls each, and all of them succeed', async () => {
    const other = await harness.copy();
    await letTokenEnd();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => read(i % 2 === 0 ? harness.hub : other)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(await refreshes()).toHaveLength(1);
  });

  it('row 28: is refreshed once by two copies that reach for the lease at one moment', async () => {
    const other = await harness.copy();
    await letTokenEnd();
    const blocker = new Client({ connectionString: harness.surroundings.database.ownerUrl });
    await blocker.connect();
    await blocker.query('begin');
    await blocker.query('select from hub.connections where org_id = $1 for update', [office.orgId]);
    const answers = [read(harness.hub), read(other)];
    await waitUntil(async () => (await harness.owner.query(AT_THE_LEASE)).rowCount === 2, {
      timeoutMs: 20_000,
      what: 'both copies to reach for the lease',
    });
    await blocker.end(); // which rolls back
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await refreshes()).toHaveLength(1);
  });

  it('can be refreshed again with the token that came last', async () => {
    for (let i = 1; i <= 3; i += 1) {
      await letTokenEnd();
      expect((await read()).status).toBe(200);
      expect(await refreshes()).toHaveLength(i);
    }
    expect(await row()).toMatchObject({ status: 'active', refresh_owner: null });
  });

  it('still serves while the provider cannot refresh it', async () => {
    await harness.owner.query(`update hub.connections set token_expires_at = now() + interval '30 seconds' where org_id = $1`, [
      office.orgId,
    ]);
    await failRefresh({ kind: 'status', status: 500 }, 50);
    for (let times = 0; times < 2; times += 1) {
      expect((await read()).status).toBe(200);
      await harness.hub.parts.tokens.idle();
    }
    expect(await refreshes()).toHaveLength(1);
  });
});

describe('a refresh that fails', () => {
  it.each([{ kind: 'status', status: 500 }, { kind: 'status', status: 429 }, { kind: 'reset' }, { kind: 'garbage' }])(
    'row 29: for a moment is no dead grant, and nobody asks again at once ($kind)',
    async (fault) => {
      await letTokenEnd();
      await failRefresh(fault, 10);
      expect((await read()).json).toMatchObject({ code: 'provider_unavailable' });
      expect((await read()).json).toMatchObject({ code: 'provider_unavailable' });
      expect(await refreshes()).toHaveLength(1);
      expect(await row()).toMatchObject({ status: 'active' });
      await harness.surroundings.sandbox.clearFaults(office.team);
      await harness.owner.query(`update hub.connections set refresh_until = now() where org_id = $1`, [office.orgId]);
      expect((await read()).status).toBe(200);
    },
  );

  it('is not tried again before the provider wants to be asked', async () => {
    await letTokenEnd();
    await failRefresh({ kind: 'status', status: 429, retry_after: 600 });
    expect((await read()).json).toMatchObject({ code: 'provider_unavailable' });
    const { rows } = await harness.owner.query(
      `select refresh_until - now() > interval '590 seconds' as waits from hub.connections where connection_id = $1`,
      [office.connectionId],
    );
    expect(rows).toEqual([{ waits: true }]);
  });

  it('row 29: for good needs a person, and is not tried again', async () => {
    await letTokenEnd();
    await failRefresh({ kind: 'error', error: 'invalid_refresh_token' });
    expect((await read()).json).toMatchObject({ code: 'connection_needs_reauth' });
    expect((await read()).json).toMatchObject({ code: 'connection_needs_reauth' });
    expect(await refreshes()).toHaveLength(1);
    expect(await row()).toMatchObject({ status: 'needs_reauth' });
  });
});

describe('a token that ended earlier than it said', () => {
  it('is refreshed, and the call that met it goes out again', async () => {
    const callId = office.callId();
    await harness.surroundings.sandbox.expireTokens(office.team);
    const message = { channel: '#billing', text: 'Once.' };
    expect((await office.call('slack.post', message, { callId })).json).toMatchObject({
      code: 'provider_unavailable',
      provider_code: 'token_expired',
    });
    expect((await office.call('slack.post', message, { callId })).status).toBe(200);
    expect(await refreshes()).toHaveLength(1);
    expect(await office.posts()).toHaveLength(1);
  });
});

describe('new tokens while the database is away for a moment', () => {
  it('are stored when it is back', async () => {
    const { sandbox, database } = harness.surroundings;
    await letTokenEnd();
    const barrier = await sandbox.barrier({ team: office.team, method: 'oauth.v2.access' });
    const answer = read();
    await barrier.waitUntilHeld();
    await breakUpdateOf(database.ownerUrl, { table: 'hub.connections', orgId: office.orgId }, () => barrier.release());
    expect((await answer).status).toBe(200);
    expect(await row()).toMatchObject({ status: 'active', refresh_owner: null });
    await letTokenEnd();
    expect((await read()).status).toBe(200);
  });
});

describe('a refresh whose copy died', () => {
  it('is taken over when its lease is over, and waited for until then', async () => {
    await letTokenEnd();
    await harness.owner.query(
      `update hub.connections set refresh_owner = 'gone', refresh_until = now() + interval '500 milliseconds' where org_id = $1`,
      [office.orgId],
    );
    expect((await read()).status).toBe(200);
    expect(await refreshes()).toHaveLength(1);
  });
});

describe('tokens at rest', () => {
  it('open in no other row', async () => {
    const other = await harness.office();
    await harness.owner.query(
      `update hub.connections c set access_token = s.access_token from hub.connections s where c.org_id = $1 and s.org_id = $2`,
      [office.orgId, other.orgId],
    );
    expect((await read()).status).toBe(500);
    expect(await harness.surroundings.sandbox.requests(other.team)).toHaveLength(1);
  });
});
