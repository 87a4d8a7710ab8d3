import { expect, it } from 'vitest';
import { fields, page, section, table } from './table.ts';

it('aligns columns by what a terminal shows, wide characters included', () => {
  expect(
    table(
      ['NAME', 'STATUS'],
      [
        ['日本', 'active'],
        ['Ada\u0301', 'draft'],
        ['🎉', 'x'],
      ],
    ),
  ).toBe(['NAME  STATUS', '日本  active', 'Ada\u0301   draft', '🎉    x'].join('\n'));
});

it('keeps a cell to its row', () => {
  expect(table(['A', 'B'], [['one\ntwo', '\u001b[31mred']])).toBe('A        B\none two  red');
});

it('leaves out fields that have no value', () => {
  expect(
    fields([
      ['Run', 'r1'],
      ['Error', null],
      ['Reason', undefined],
      ['Version', 0],
      ['Text', ''],
    ]),
  ).toBe('Run      r1\nVersion  0');
});

it('leaves out sections without a body', () => {
  expect(page(['head', ...section('Empty', ''), ...section('Full', 'a\n\nb')])).toBe('head\n\nFull\n  a\n\n  b');
});
