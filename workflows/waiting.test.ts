import { describe, expect, test } from 'vitest';
import type { WaitingOn } from '../contracts/run.ts';
import { shownReasons } from './waiting.ts';

describe('what a workflow shows that it waits for', () => {
  test('is each reason once, in order', () => {
    expect(shownReasons(['timer', 'model', 'timer'])).toEqual(['model', 'timer']);
    expect(shownReasons([])).toEqual([]);
  });

  test('stays below the size at which Temporal would end the workflow, and counts the rest', () => {
    const receipts = Array.from({ length: 40 }, (_none, index): WaitingOn => `receipt:${'x'.repeat(90)}:call:${index}`);
    const shown = shownReasons(receipts);
    expect(JSON.stringify(shown).length).toBeLessThan(2_048);
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.at(-1)).toBe(`more:${40 - (shown.length - 1)}`);
  });

  test('is a number alone when one reason has no room', () => {
    expect(shownReasons([`receipt:${'x'.repeat(3_000)}`])).toEqual(['more:1']);
  });
});
