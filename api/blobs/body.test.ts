import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { bodyOf, lengthOf } from './body.ts';

const requestOf = (stream: PassThrough) => ({ raw: stream as unknown as IncomingMessage });
const gather = async (body: AsyncIterable<Buffer>): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

test('a body comes in its pieces', async () => {
  const stream = new PassThrough();
  stream.write('hello ');
  stream.end('there');
  expect(await gather(bodyOf(requestOf(stream)))).toBe('hello there');
});

test('one that comes too slowly is given up, and the request can still be answered', async () => {
  const stream = new PassThrough();
  stream.write('hello');
  await expect(gather(bodyOf(requestOf(stream), 1))).rejects.toMatchObject({ code: 'timed_out' });
  expect(stream.destroyed).toBe(false);
  stream.destroy();
});

test('one that breaks off says so', async () => {
  const stream = new PassThrough();
  stream.write('hello');
  const gathering = gather(bodyOf(requestOf(stream)));
  stream.destroy(new Error('reset'));
  await expect(gathering).rejects.toMatchObject({ code: 'invalid_request' });
});

test.each([undefined, '', '-1', '1e3', '0x10', '9'.repeat(13)])('a length of %s is none', (length) => {
  const headers = length === undefined ? {} : { 'content-length': length };
  expect(() => lengthOf({ headers }, 100)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});

test('a length over the limit is refused', () => {
  expect(lengthOf({ headers: { 'content-length': '100' } }, 100)).toBe(100);
  expect(() => lengthOf({ headers: { 'content-length': '101' } }, 100)).toThrow(
    expect.objectContaining({ code: 'payload_too_large' }),
  );
});
