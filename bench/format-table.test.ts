import { expect, test } from 'vitest';
import { formatTable } from './format-table.ts';

test('a column is as wide as its widest cell, the first aligned to the left and the others to the right', () => {
  expect(
    formatTable(
      ['way', 'p50 ms'],
      [
        ['direct', '1.2'],
        ['through ConnectHub', '12345.6'],
      ],
    ),
  ).toBe(['way                  p50 ms', 'direct                  1.2', 'through ConnectHub  12345.6'].join('\n'));
});
