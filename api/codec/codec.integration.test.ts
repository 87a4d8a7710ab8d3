import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { encodeReferencePayload } from '@temporalio/common/lib/internal-non-workflow/extstore-helpers.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRunId } from '../../contracts/ids.ts';
import type { Role } from '../../platform/auth/permissions.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import { createBlobStorage } from '../../platform/payloads/blob-storage.ts';
import type { TestPerson } from '../testing/people.ts';
import { fromWire, toWire, type WirePayloads } from './wire.ts';

const OPERATORS = 'org_platform_operators';
const UI = 'http://temporal.test:8233';

let core: TestCore;
let owner: TestPerson;
let others: TestPerson;
beforeAll(async () => {
  core = await startTestCore({ env: { PAYLOAD_ENCRYPTION: 'on', PLATFORM_OPERATOR_ORG: OPERATORS } });
  [owner, others] = await Promise.all([core.person('owner'), core.person('owner')]);
});
afterAll(() => core.stop());

const plain = (value: unknown): WirePayloads => toWire([defaultPayloadConverter.toPayload(value)]);
const ask = (verb: 'encode' | 'decode', person: TestPerson | undefined, body: unknown, headers = {}) =>
  call(core.copy.url, person, `/codec/${verb}`, { body, headers: { 'x-namespace': 'clancy', ...headers } });
const encoded = async (person: TestPerson, value: unknown): Promise<WirePayloads> =>
  (await ask('encode', person, plain(value))).json;
const valueIn = (answer: WirePayloads): unknown => defaultPayloadConverter.fromPayload(fromWire(answer)[0]!);
const colleague = (role: Role) => core.person(role, owner.orgId);

test('a person reads the payloads of their organisation, and each reading leaves an audit row', async () => {
  const sealed = await encoded(owner, { text: 'words of a run' });
  expect(Buffer.from(sealed.payloads[0]!.data, 'base64').toString('latin1')).not.toContain('words');
  const answer = await ask('decode', owner, { payloads: [...sealed.payloads, ...plain('never encrypted').payloads] });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(fromWire(answer.json).map((one) => defaultPayloadConverter.fromPayload(one))).toEqual([
    { text: 'words of a run' },
    'never encrypted',
  ]);
  expect(await core.audit(owner.orgId, 'payload.decode')).toMatchObject([
    { actor_id: owner.userId, allowed: true, details: { payloads: 1 } },
  ]);
});

test('who lacks the permission is refused, and so is who is nobody or a machine', async () => {
  const sealed = await encoded(owner, 'words');
  for (const role of ['viewer', 'operator', 'builder', 'approver'] as const) {
    const answer = await ask('decode', await colleague(role), sealed);
    expect([role, answer.status, answer.json.permission]).toEqual([role, 403, 'payloads.read']);
  }
  expect((await ask('decode', await colleague('auditor'), sealed)).status).toBe(200);
  expect((await ask('encode', await colleague('viewer'), plain('x'))).status).toBe(403);
  expect((await ask('decode', undefined, sealed)).status).toBe(401);
});

test('payloads of another organisation are refused to people of one, and read by the people who operate the platform', async () => {
  const sealed = await encoded(owner, 'words');
  const own = await encoded(others, 'own words');
  const mixed = { payloads: [...own.payloads, ...sealed.payloads] };
  for (const body of [sealed, mixed]) {
    expect((await ask('decode', others, body)).json).toMatchObject({ status: 403, code: 'forbidden' });
  }
  expect(await core.audit(others.orgId, 'payload.decode')).toEqual([]);
  expect(await core.audit(others.orgId, 'request.refuse')).toHaveLength(2);

  const operator = await core.person('admin', OPERATORS);
  const answer = await ask('decode', operator, mixed);
  expect(fromWire(answer.json).map((one) => defaultPayloadConverter.fromPayload(one))).toEqual(['own words', 'words']);
  for (const orgId of [owner.orgId, others.orgId]) {
    expect(await core.audit(orgId, 'payload.decode')).toContainEqual(
      expect.objectContaining({ actor_id: operator.userId, details: { payloads: 1, reader_org_id: OPERATORS } }),
    );
  }
  const viewer = await core.person('viewer', OPERATORS);
  expect((await ask('decode', viewer, sealed)).status).toBe(403);
});

test('a payload that was changed, or names a key that is not there, is refused', async () => {
  const { payloads } = await encoded(owner, 'words');
  const [payload] = payloads;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const withMetadata = (change: object) => ({ ...payload!, metadata: { ...payload!.metadata, ...change } });
  const foreign = (await encoded(others, 'words')).payloads[0]!;
  const changed = [
    { ...payload!, data: base64('something else, and long enough') },
    { ...payload!, data: '' },
    withMetadata({ kid: base64('k0') }),
    withMetadata({ cipher: base64('none') }),
    { ...foreign, metadata: payload!.metadata },
  ];
  for (const one of changed) {
    expect((await ask('decode', owner, { payloads: [one] })).json).toMatchObject({ status: 400, code: 'invalid_request' });
  }
});

test('run tickets are left out of what people are shown', async () => {
  const input = { intent: { run_id: 'r', ticket: 5 }, plan: {}, ticket: 'eyJ.a.ticket' };
  expect(valueIn((await ask('decode', owner, await encoded(owner, input))).json)).toEqual({
    ...input,
    ticket: '(left out: a credential)',
  });
});

test('only pages of the configured Web UI may ask, and they see refusals too', async () => {
  const preflight = (origin: string) =>
    fetch(new URL('/codec/decode', core.copy.url), { method: 'OPTIONS', headers: { origin } });
  const allowed = await preflight(UI);
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(UI);
  expect(allowed.headers.get('access-control-allow-headers')).toBe(
    'authorization, content-type, x-namespace, authorization-extras',
  );
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  expect((await preflight('http://evil.test:8233')).headers.get('access-control-allow-origin')).toBeNull();

  const sealed = await encoded(owner, 'words');
  const answered = await ask('decode', owner, sealed, { origin: UI });
  expect(answered.headers.get('access-control-allow-origin')).toBe(UI);
  const refused = await ask('decode', undefined, sealed, { origin: UI });
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, UI]);
  expect((await ask('decode', owner, sealed, { origin: 'null' })).headers.get('access-control-allow-origin')).toBeNull();
});

test('what stands in a reference is shown as what it stands for, to those who may read it', async () => {
  const [runId, theirs] = await Promise.all(
    [owner, others].map(async (person) => {
      const employee = await hire(core.copy.url, person);
      return makeRunId({ employee, version: 1, at: '2026-11-23T10:00:00.000Z' });
    }),
  );
  const [driver] = createBlobStorage(core.copy.core.http.payloadBlobs).drivers;
  const refer = async (payload: Payload, workflowId: string): Promise<WirePayloads> => {
    const target = { kind: 'workflow', namespace: 'default', id: workflowId } as const;
    const [claim] = await driver!.store({ target }, [payload]);
    return toWire([encodeReferencePayload({ driverName: driver!.name, claim: claim!, sizeBytes: 1 })]);
  };
  const sealed = fromWire(await encoded(owner, { text: 'words of a run', ticket: 'a.b.c' }))[0]!;
  const reference = await refer(sealed, `${runId}:skill:work`);
  expect(Buffer.from(reference.payloads[0]!.data, 'base64').toString()).toContain(runId);
  const answer = await ask('decode', owner, reference);
  expect(valueIn(answer.json)).toEqual({ text: 'words of a run', ticket: '(left out: a credential)' });
  expect((await ask('decode', others, reference)).json).toMatchObject({ status: 403, code: 'forbidden' });
  // Not encrypted: whose it is follows from its workflow all the same.
  const open = await refer(defaultPayloadConverter.toPayload('open words'), runId!);
  expect((await ask('decode', others, open)).status).toBe(403);
  // A reference that was carried into another organisation's history names what that one has not.
  const moved = Buffer.from(open.payloads[0]!.data, 'base64').toString().replace(runId!, theirs!);
  const forged = { payloads: [{ ...open.payloads[0]!, data: Buffer.from(moved).toString('base64') }] };
  expect((await ask('decode', others, forged)).json).toMatchObject({ status: 400, code: 'invalid_request' });
});
