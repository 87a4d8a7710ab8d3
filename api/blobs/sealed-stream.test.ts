import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import { openStream, sealedSize, sealStream } from './sealed-stream.ts';

const key = { kid: 'k1', key: randomBytes(32) };
const place = { orgId: 'org_a', objectId: '0b2c4f4e-8a52-4c3f-9d0e-6a1b2c3d4e5f' };
const PIECE = 64 * 1024;

async function* cut(bytes: Buffer, at: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += at) yield bytes.subarray(from, from + at);
}
const gather = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
};
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const seal = (plain: Buffer, at = 1_000) => gather(sealStream(key, place, cut(plain, at), () => hashOf(plain)));
const open = (sealed: Buffer, plain: Buffer, more: { place?: typeof place; key?: Buffer; sha256?: string } = {}) =>
  gather(openStream(async () => more.key ?? key.key, more.place ?? place, more.sha256 ?? hashOf(plain), cut(sealed, 10_007)));

describe('a sealed stream', () => {
  test.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17])(
    'of %i bytes opens as it was, and has the size foretold',
    async (size) => {
      const plain = randomBytes(size);
      const sealed = await seal(plain);
      expect(sealed).toHaveLength(sealedSize(size, key.kid));
      expect(hashOf(await open(sealed, plain))).toBe(hashOf(plain));
      expect(await seal(plain, size + 1)).not.toEqual(sealed);
    },
  );

  test('shows nothing of its content', async () => {
    const plain = Buffer.from('words of a run '.repeat(20_000));
    expect((await seal(plain)).includes('words of a run')).toBe(false);
  });

  const plain = randomBytes(3 * PIECE + 17);
  const [head, whole] = [sealedSize(0, key.kid) - 16, PIECE + 16];
  const rows: [string, (sealed: Buffer) => Buffer][] = [
    ['of which a byte was changed', (sealed) => (sealed.writeUInt8(sealed.readUInt8(head + 5) ^ 1, head + 5), sealed)],
    ['whose key id was changed', (sealed) => (sealed.write('k2', 5), sealed)],
    ['whose salt was changed', (sealed) => (sealed.writeUInt8(sealed.readUInt8(head - 1) ^ 1, head - 1), sealed)],
    ['that was cut off in a piece', (sealed) => sealed.subarray(0, -20)],
    ['that was cut off between two pieces', (sealed) => sealed.subarray(0, head + 2 * whole)],
    ['that was cut to its head', (sealed) => sealed.subarray(0, head)],
    ['of nothing', () => Buffer.alloc(0)],
    ['with something behind it', (sealed) => Buffer.concat([sealed, Buffer.alloc(1)])],
    [
      'whose pieces change places',
      (sealed) =>
        Buffer.concat([
          sealed.subarray(0, head),
          sealed.subarray(head + whole, head + 2 * whole),
          sealed.subarray(head, head + whole),
          sealed.subarray(head + 2 * whole),
        ]),
    ],
  ];
  test.each(rows)('%s does not open', async (_what, change) => {
    await expect(open(change(await seal(plain)), plain)).rejects.toBeInstanceOf(SealedTextError);
  });

  test.each([
    ['another organisation', { place: { ...place, orgId: 'org_b' } }],
    ['another object', { place: { ...place, objectId: '0b2c4f4e-8a52-4c3f-9d0e-000000000000' } }],
    ['another hash', { sha256: 'a'.repeat(64) }],
    ['another key', { key: randomBytes(32) }],
  ])('does not open as one of %s', async (_what, more) => {
    await expect(open(await seal(plain), plain, more)).rejects.toBeInstanceOf(SealedTextError);
  });
});
