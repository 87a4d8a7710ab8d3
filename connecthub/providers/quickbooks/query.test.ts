import { describe, expect, it } from 'vitest';
import { containing, toQuery } from './query.ts';

const byName = (value: string) =>
  toQuery({ entity: 'Customer', where: [{ property: 'DisplayName', operator: '=', value }], maxResults: 2 });

describe('a query', () => {
  it('is put together in the order that QuickBooks wants', () => {
    expect(
      toQuery({
        entity: 'Invoice',
        where: [
          { property: 'Balance', operator: '>', value: '0' },
          { property: 'Id', operator: 'IN', value: ['1', '2'] },
        ],
        orderBy: 'DueDate',
        startPosition: 1,
        maxResults: 10,
      }),
    ).toBe("SELECT * FROM Invoice WHERE Balance > '0' AND Id IN ('1', '2') ORDERBY DueDate STARTPOSITION 1 MAXRESULTS 10");
  });

  it.each([
    ["O'Malley", String.raw`'O\'Malley'`],
    [String.raw`x\' OR Id > '0`, String.raw`'x\\\' OR Id > \'0'`],
    ['a\nb\u0000c', "'a b c'"],
    [String.raw`ends with \ `, String.raw`'ends with \\ '`],
  ])('keeps %j a value', (value, quoted) => {
    expect(byName(value)).toBe(`SELECT * FROM Customer WHERE DisplayName = ${quoted} MAXRESULTS 2`);
  });

  it('takes no wildcard of a text', () => {
    expect(containing('100%')).toBe('%100%');
    expect(containing('%')).toBe('%%');
  });
});
