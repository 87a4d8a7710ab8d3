import { expect, test } from 'vitest';
import { deprecationHeaders } from './deprecation.ts';

test('since when, and until when where that is known', () => {
  expect(deprecationHeaders({ since: '2026-06-30' })).toEqual({ deprecation: '@1782777600' });
  expect(deprecationHeaders({ since: '2026-06-30', removed_after: '2026-12-31' })).toEqual({
    deprecation: '@1782777600',
    sunset: 'Thu, 31 Dec 2026 23:59:59 GMT',
  });
});
