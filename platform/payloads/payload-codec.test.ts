import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createPayloadCodec } from './payload-codec.ts';
import { derivePayloadKey, type PayloadKey, type PayloadKeys } from './payload-key.ts';

const RUN = 'emp:0123456789abcdefghjkmnpqrs_v1:2026-11-23T10:00:00.000Z';
const OTHERS_RUN = 'emp:1123456789abcdefghjkmnpqrs_v1:2026-11-23T10:00:00.000Z';
const NOBODYS_RUN = 'emp:2123456789abcdefghjkmnpqrs_v1:2026-11-23T10:00:00.000Z';

const newKey = (orgId: string, kid: string): PayloadKey => derivePayloadKey(orgId, { kid, key: randomBytes(32) });
const first = newKey('org_a', 'k1');
const second = newKey('org_a', 'k2');
const others = newKey('org_b', 'k1');

/** The keys of each run, the one in use last. */
function keysOf(byRun: Record<string, PayloadKey[]>): PayloadKeys {
  return {
    inUse: async (run) => byRun[run]?.at(-1),
    named: async (run, kid) => byRun[run]?.find((key) => key.kid === kid),
  };
}
const codecWith = (runs: Record<string, PayloadKey[]>, encrypts = true) => createPayloadCodec({ keys: keysOf(runs), encrypts });
const codec = codecWith({ [RUN]: [first], [OTHERS_RUN]: [others] });
const of = (workflowId: string) => ({ type: 'workflow', namespace: 'clancy', workflowId }) as const;
const plain = defaultPayloadConverter.toPayload({ text: 'a secret of somebody' });
const seal = async (run = RUN): Promise<Payload> => (await codec.encode([plain], of(run)))[0]!;
const textOf = (payload: Payload, name: string) => Buffer.from(payload.metadata?.[name] ?? []).toString();
const valueOf = (payload: Payload) => defaultPayloadConverter.fromPayload(payload);
const renamed = (payload: Payload, change: Record<string, string>): Payload => {
  const changed = Object.entries(change).map(([name, value]) => [name, Buffer.from(value)]);
  return { ...payload, metadata: { ...payload.metadata, ...Object.fromEntries(changed) } };
};

test('a payload is encrypted for the organisation whose workflow it is of, and comes back as it was', async () => {
  const sealed = await seal();
  expect(['encoding', 'org_id', 'kid'].map((name) => textOf(sealed, name))).toEqual(['binary/encrypted', 'org_a', 'k1']);
  expect(Buffer.from(sealed.data!).toString('latin1')).not.toContain('secret');
  const [opened] = await codec.decode([sealed], of(RUN));
  expect(textOf(opened!, 'encoding')).toBe('json/plain');
  expect(valueOf(opened!)).toEqual({ text: 'a secret of somebody' });
});

test('the same payload is never encrypted to the same bytes', async () => {
  const [one, other] = await codec.encode([plain, plain], of(RUN));
  expect(Buffer.from(one!.data!).equals(Buffer.from(other!.data!))).toBe(false);
});

test("what is of a run's skill, of its retry or of a schedule finds its key as well", async () => {
  const schedule = 'schedule:0b7ff3a5-5d4c-4a58-9a39-0b9f7d9a2c11';
  const ids = [`${RUN}~r1`, `${RUN}:skill:work`, schedule, `${schedule}-2026-11-23T10:00:00Z`];
  const all = codecWith(Object.fromEntries(ids.map((id) => [id, [first]])));
  for (const id of ids) {
    const activity = { ...of(id), type: 'activity', isLocal: true } as const;
    expect((await all.decode(await all.encode([plain], activity), activity)).map(valueOf)).toEqual([valueOf(plain)]);
  }
});

test('a payload copied into the workflow of another organisation does not open there', async () => {
  const sealed = await seal();
  await expect(codec.decode([sealed], of(OTHERS_RUN))).rejects.toThrow('cannot be opened');
  // Nor where both have the key, or the payload says that it is the other's.
  const leaked = codecWith({ [OTHERS_RUN]: [{ ...first, orgId: 'org_b' }] });
  await expect(leaked.decode([renamed(sealed, { org_id: 'org_b' })], of(OTHERS_RUN))).rejects.toThrow('cannot be opened');
});

test.each([
  ['another organisation', { org_id: 'org_b' }],
  ['another key', { kid: 'k2' }],
  ['no key', { kid: '' }],
  ['another cipher', { cipher: 'none' }],
])('metadata that names %s is refused', async (_what, change) => {
  const both = codecWith({ [RUN]: [{ ...first, kid: 'k2' }, first] });
  await expect(both.decode([renamed(await seal(), change)], of(RUN))).rejects.toThrow('cannot be opened');
});

test.each([0, 12, -1])('data with another byte at %i is refused', async (at) => {
  const sealed = await seal();
  const data = Buffer.from(sealed.data!);
  data[data.length * Number(at < 0) + at]! ^= 1;
  await expect(codec.decode([{ ...sealed, data }], of(RUN))).rejects.toThrow('cannot be opened');
  await expect(codec.decode([{ ...sealed, data: data.subarray(0, 20) }], of(RUN))).rejects.toThrow('cannot be opened');
});

test('what was encrypted before a rotation opens after it, and what comes after has the new key', async () => {
  const before = await seal();
  const rotated = codecWith({ [RUN]: [first, second] });
  expect((await rotated.decode([before], of(RUN))).map(valueOf)).toEqual([valueOf(plain)]);
  const [after] = await rotated.encode([plain], of(RUN));
  expect(textOf(after!, 'kid')).toBe('k2');
  const shredded = codecWith({ [RUN]: [second] });
  await expect(shredded.decode([before], of(RUN))).rejects.toThrow('cannot be opened');
});

test('switched off it encrypts nothing, and still opens what is encrypted', async () => {
  const off = codecWith({ [RUN]: [first] }, false);
  expect(await off.encode([plain], of(RUN))).toEqual([plain]);
  expect((await off.decode([await seal(), plain], of(RUN))).map(valueOf)).toEqual([valueOf(plain), valueOf(plain)]);
});

test('without a key nothing is written, but what a workflow or an activity failed with becomes a word', async () => {
  const failure = defaultPayloadConverter.toPayload({ message: 'the words of a failure', stack_trace: 'at secret.ts' });
  const away = createPayloadCodec({
    keys: { inUse: () => Promise.reject(new Error('away')), named: () => Promise.reject(new Error('away')) },
    encrypts: true,
  });
  for (const [broken, context] of [
    [codec, of(NOBODYS_RUN)],
    [codec, undefined],
    [away, of(RUN)],
  ] as const) {
    await expect(broken.encode([plain], context)).rejects.toThrow(/away|no organisation is known/);
    const [word] = await broken.encode([failure], context);
    expect(valueOf(word!)).toEqual({ message: expect.stringContaining('withheld'), stack_trace: '' });
  }
  await expect(codec.decode([await seal()], undefined)).rejects.toThrow('cannot be opened');
});

test('the key of payloads does not open what is sealed with the data key', () => {
  const dataKey = { kid: 'k1', key: randomBytes(32) };
  expect(derivePayloadKey('org_a', dataKey).key.equals(dataKey.key)).toBe(false);
  expect(derivePayloadKey('org_a', dataKey)).toEqual(derivePayloadKey('org_a', dataKey));
  expect(derivePayloadKey('org_a', dataKey).key).not.toEqual(derivePayloadKey('org_b', dataKey).key);
});

test('a workflow of the house, whose payloads hold nobody’s words, goes unencrypted; what only looks like one does not', async () => {
  for (const id of ['system:consolidate-memory', 'system:consolidate-memory-2026-11-24T02:00:00Z']) {
    expect(await codec.encode([plain], of(id))).toEqual([plain]);
  }
  for (const id of ['system:', `system:x:${RUN}`, `${RUN}:system:consolidate-memory`]) {
    await expect(codec.encode([plain], of(id))).rejects.toThrow('no organisation is known');
  }
});
