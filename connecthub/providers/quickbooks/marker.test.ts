import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ApiArguments } from '../definition.ts';
import { findMarked, withMarker, withoutMarker } from './marker.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz234567';
const noted = z.looseObject({ Id: z.string(), PrivateNote: z.string().optional() });

/** A company whose pages are these. */
function companyOf(...pages: object[][]) {
  const asked: string[] = [];
  const read = async (_method: string, args: ApiArguments) => {
    asked.push(String(args['query']));
    return { QueryResponse: { Invoice: pages[asked.length - 1] ?? [] }, time: '2026-11-23T08:00:00Z' } as never;
  };
  const context = { reader: { scopes: [], read }, nativeKey: KEY, accountId: '1', sinceMs: Date.parse('2026-11-23T09:00:00Z') };
  return { asked, find: () => findMarked(context, 'Invoice', noted, ({ PrivateNote }) => PrivateNote) };
}
const full = (from: number) => Array.from({ length: 1_000 }, (_, index) => ({ Id: String(from + index) }));

describe('our marker', () => {
  it('stands below a note and is not shown to people', () => {
    expect(withMarker(undefined, KEY)).toBe(`[clancy ${KEY}]`);
    expect(withoutMarker(withMarker('Call first', KEY))).toBe('Call first');
    expect(withoutMarker(`[clancy ${KEY}]`)).toBe('');
    expect(withoutMarker(undefined)).toBe('');
  });

  it('is found among what was made since the call began, on a later page too', async () => {
    const company = companyOf(full(1), [{ Id: '1001', PrivateNote: withMarker('x', KEY) }]);
    expect(await company.find()).toMatchObject({ Id: '1001' });
    expect(company.asked[0]).toContain("MetaData.CreateTime >= '2026-11-23T08:58:00.000Z'");
    expect(company.asked[1]).toContain('STARTPOSITION 1001');
  });

  it('is not there after the last page, whoever else has a marker', async () => {
    const company = companyOf([{ Id: '1', PrivateNote: withMarker('x', KEY.toUpperCase()) }, { Id: '2' }]);
    expect(await company.find()).toBeUndefined();
  });

  it('stays open where there are more objects than are read', async () => {
    await expect(companyOf(...Array.from({ length: 6 }, () => full(1))).find()).rejects.toThrow('too_many_objects');
  });
});
