import { expect, test } from 'vitest';
import { createCursors, toPage } from './page.ts';

const cursors = createCursors(Buffer.alloc(32, 1));
const position = { at: new Date('2026-11-23T10:00:00.123Z'), id: 'x' };

test('a cursor is read back by the list and organisation that it was made for', () => {
  expect(cursors.decode('runs|', 'org_a', cursors.encode('runs|', 'org_a', position))).toEqual(position);
});

test.each([
  ['another organisation', 'runs|', 'org_b'],
  ['another list', 'employees|', 'org_a'],
])('a cursor is nothing to %s', (_what, list, org) => {
  expect(() => cursors.decode(list, org, cursors.encode('runs|', 'org_a', position))).toThrow('no cursor of this list');
});

test('a cursor that was changed, or made with another key, is refused', () => {
  const [, signature] = cursors.encode('runs|', 'org_a', position).split('.');
  const forged = `${Buffer.from('[0,"y"]').toString('base64url')}.${signature}`;
  const foreign = createCursors(Buffer.alloc(32, 2)).encode('runs|', 'org_a', position);
  for (const cursor of [forged, foreign, '', '.', 'a.b.c']) {
    expect(() => cursors.decode('runs|', 'org_a', cursor)).toThrow('no cursor of this list');
  }
});

test('a page says where the next one starts only when there is one', () => {
  expect(toPage([1, 2, 3], 2, String)).toEqual({ items: [1, 2], next_cursor: '2' });
  expect(toPage([1, 2], 2, String)).toEqual({ items: [1, 2], next_cursor: null });
  expect(toPage([], 2, String)).toEqual({ items: [], next_cursor: null });
});
