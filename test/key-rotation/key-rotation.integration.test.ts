import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { call, openGround, type Ground } from './ground.ts';
import { keys } from './rotator.ts';
import { setToken, tokenOf } from './sealed.ts';
import { rotatesUnderLoad } from './under-load.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
}, 180_000);
afterAll(() => ground.close());

const LIST = { capability: 'slack.channels.list', parameters: {} };

test('keys are rotated while calls go on, though the command is killed', async () => {
  await rotatesUnderLoad(ground, 1, () => 0.5);
}, 180_000);

test('a process without the keys that are needed is not ready, and says why', async () => {
  const office = await ground.harness.office();
  await keys(ground, 'rotate');
  const behind = await ground.harness.copy({ KEY_ENCRYPTION_KEY: ground.old });
  const ready = await behind.app.inject('/ready');
  expect([ready.statusCode, ready.json()]).toEqual([503, expect.objectContaining({ code: 'key_service_unavailable' })]);
  expect((await behind.app.inject('/health')).json()).toMatchObject({ status: 'degraded', key_service: 'keys_missing' });
  const current = await ground.harness.copy({ KEY_ENCRYPTION_KEY: ground.next });
  expect((await current.app.inject('/ready')).statusCode).toBe(200);
  expect((await office.call('slack.channels.list', {}, { hub: current })).status).toBe(200);
});

test('a token that was moved to another row or column, or cut, opens nowhere', async () => {
  const { owner } = ground.harness;
  const [here, there] = await Promise.all([ground.harness.office(), ground.harness.office()]);
  const own = await tokenOf(owner, here.connectionId);
  const again = await ground.harness.office();
  // Another connection of the same organisation.
  await owner.query('update hub.connections set org_id = $1 where connection_id = $2', [here.orgId, again.connectionId]);
  const { rows } = await owner.query<{ refresh_token: string }>(
    'select refresh_token from hub.connections where connection_id = $1',
    [here.connectionId],
  );
  const [version, kid, iv, text, tag = ''] = own.split('.');
  const cut = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
  const moved = [await tokenOf(owner, there.connectionId), rows[0]?.refresh_token ?? '', [version, kid, iv, text, cut].join('.')];
  for (const sealed of moved) {
    await setToken(owner, here.connectionId, sealed);
    expect((await call(ground.urls[0]!, here, { callId: here.callId(), ...LIST })).status).toBe(500);
  }
  await setToken(owner, again.connectionId, own);
  const other = { ...here, connectionId: again.connectionId };
  await owner.query('update authz.grants set connection_id = $1 where org_id = $2', [again.connectionId, here.orgId]);
  expect((await call(ground.urls[0]!, other, { callId: here.callId(), ...LIST })).status).toBe(500);
  expect(await ground.harness.surroundings.sandbox.requests(again.team)).toHaveLength(1);
});

test('destroying the keys of an organisation ends its secrets in all copies, and nobody else’s', async () => {
  const { owner } = ground.harness;
  const [gone, kept] = await Promise.all([ground.harness.office(), ground.harness.office()]);
  const made = gone.callId();
  for (const url of ground.urls) {
    expect((await call(url, gone, { callId: made, ...LIST })).status).toBe(200);
    expect((await call(url, gone, { callId: gone.callId(), ...LIST })).status).toBe(200);
  }
  const backup = await tokenOf(owner, gone.connectionId);
  const answer = await keys(ground, 'shred', '--org', gone.orgId, '--confirm', gone.orgId);
  expect(answer).toMatchObject({ service: 'ConnectHub', destroyed_keys: 1, disconnected: 1 });

  for (const url of ground.urls) {
    const refused = await call(url, gone, { callId: gone.callId(), ...LIST });
    expect(refused).toMatchObject({ status: 409, body: { code: 'connection_missing' } });
    // Results that are kept: as long as a copy takes a key's row to stand.
    const isUnreadable = async () => {
      const { status, body } = await call(url, gone, { callId: made, ...LIST });
      return status === 409 && body['code'] === 'history_gone' ? true : undefined;
    };
    await waitUntil(isUnreadable, { timeoutMs: 7_000, everyMs: 250, what: 'the stored result to be unreadable' });
    expect((await call(url, kept, { callId: kept.callId(), ...LIST })).status).toBe(200);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', key_service: 'ok' });
  }
  const listed = await gone.asPerson('GET', '/connections');
  expect(listed.json).toMatchObject({ items: [{ connection_id: gone.connectionId, status: 'disconnected' }] });
  const audited = `select details from hub.audit where org_id = $1 and action = 'data_key.shred'`;
  expect((await owner.query(audited, [gone.orgId])).rows).toMatchObject([{ details: { keys: [expect.any(String)] } }]);

  // What somebody kept of the row is worth nothing to a copy that has not the token at hand.
  const fresh = await ground.harness.copy();
  await owner.query(`update hub.connections set status = 'active', access_token = $2 where connection_id = $1`, [
    gone.connectionId,
    backup,
  ]);
  expect((await gone.call('slack.channels.list', {}, { hub: fresh })).status).toBe(500);
  // A person may connect the account again: under a new key.
  expect(await gone.connect()).toBe(gone.connectionId);
  expect((await call(ground.urls[0]!, gone, { callId: gone.callId(), ...LIST })).status).toBe(200);
  expect((await tokenOf(owner, gone.connectionId)).split('.')[1]).not.toBe(backup.split('.')[1]);
});
