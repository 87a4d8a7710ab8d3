import { describe, expect, it } from 'vitest';
import type { ApiArguments, LookupContext } from '../definition.ts';
import { findMarked, withMarker, withoutMarker } from './marker.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz234567';

describe('the mark of a call', () => {
  it('is not shown, and taken off again', () => {
    const marked = withMarker('Hello\n', KEY);
    expect(marked).toBe(`Hello\n\n\n<!-- clancy ${KEY} -->`);
    expect(withoutMarker(`${marked}\n`)).toBe('Hello');
    expect(withoutMarker('people <!-- write --> this')).toBe('people <!-- write --> this');
    expect(withoutMarker(null)).toBe('');
  });

  const find = (pages: object[][], asked: ApiArguments[] = []) => {
    const reader = {
      scopes: [],
      read: async (_method: string, args: ApiArguments) => {
        asked.push(args);
        const page = Number(args['page']);
        return { items: pages[page - 1] ?? [], ...(page < pages.length && { next_page: page + 1 }) } as never;
      },
    };
    const context: LookupContext = { reader, nativeKey: KEY, accountId: '1', sinceMs: Date.parse('2026-11-23T20:00:00Z') };
    return findMarked(context, 'repos/a/b/issues', { state: 'all' });
  };

  it('is looked for on every page since the call began', async () => {
    const asked: ApiArguments[] = [];
    const ours = { body: withMarker('x', KEY), number: 7 };
    expect(await find([[{ body: null }], [{ body: 'other' }, ours]], asked)).toEqual(ours);
    expect(asked).toMatchObject([{ state: 'all', since: '2026-11-23T19:58:00.000Z', page: 1 }, { page: 2 }]);
    expect(await find([[{ body: withMarker('x', KEY.replace('a', 'b')) }]])).toBeUndefined();
  });

  it('stays open where there is more than is read', async () => {
    await expect(find(Array.from({ length: 11 }, () => [{ body: 'x' }]))).rejects.toMatchObject({
      refusal: { reason: 'too_many_objects' },
    });
  });
});
