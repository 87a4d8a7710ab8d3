import { expect, test } from 'vitest';
import { blobHashesIn, fileReferencesIn } from './files.ts';

const file = (digit: string) => ({ blob: digit.repeat(64), name: `${digit}.pdf`, media_type: 'application/pdf' });

test('files are found wherever parameters name them, in their order', () => {
  const parameters = { a: [file('1'), { deep: { b: file('2') } }], c: file('3'), d: 'x', e: null };
  expect(fileReferencesIn(parameters)).toEqual([file('1'), file('2'), file('3')]);
  expect(blobHashesIn({ x: [file('a'), file('a')] })).toEqual(['a'.repeat(64), 'a'.repeat(64)]);
});

test('what only looks like one is none', () => {
  const close = [
    { ...file('1'), blob: 'A'.repeat(64) },
    { ...file('1'), more: 1 },
    { blob: 'a'.repeat(64), name: 'x' },
  ];
  expect(fileReferencesIn({ close })).toEqual([]);
});
