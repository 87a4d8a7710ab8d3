import { afterAll, describe, expect, it } from 'vitest';
import { createExpressions } from '../../platform/expressions/expressions.ts';
import { productCatalogue } from '../catalogue.ts';
import { figuresOf, shortcomings } from '../figures.ts';
import { missesOf } from '../print.ts';
import { catalogueOf } from '../set/set-catalogue.ts';
import { employee } from '../testing/employee.ts';
import type { Made } from './made.ts';
import { scoreEntry, scoreMade } from './score-entry.ts';

const expressions = createExpressions({ threads: 1, timeLimitMs: 10_000 });
afterAll(() => expressions.close());

const names = {
  slack: { 'slack.post': '', 'slack.read': '' },
  stripe: { 'invoice.list': '' },
  quickbooks: { 'invoice.list': '' },
};
const set = catalogueOf(names, productCatalogue());
const entry = {
  id: 'one',
  title: 'One',
  text: 'Every Monday at 9 read #in and post it in #out.\n\nFeed "the cat", and  the dog. We pay well.',
  expect: {
    capabilities: [['slack.post'], ['slack.read', 'slack.thread.read'], ['quickbooks/invoice.list']],
    forbidden: ['email.send'],
    providers: ['slack'],
    triggers: [{ type: 'schedule' as const, cron: '0 9 * * 1', timezone: null, accept: [], time_given: true }],
    policy: [],
    not_understood: ['the cat', 'the dog'],
    min_skills: 1,
    max_skills: 2,
  },
};
const made = (more: Partial<Made>): Made => ({
  definition: employee({ uses: ['slack/slack.post', 'slack/slack.read'] }),
  triggers: [],
  reported: [],
  skills: 1,
  buildMs: 5,
  ...more,
});
const score = (more: Partial<Made>, other: Partial<typeof entry.expect> = {}) =>
  scoreMade({ ...entry, expect: { ...entry.expect, ...other } }, made(more), set, expressions.evaluate);

describe('an entry', () => {
  it('counts requirements by their alternatives, and a qualified name for its provider alone', async () => {
    expect((await score({})).requirements).toEqual({ got: 2, of: 3, missed: ['needs quickbooks/invoice.list'] });
    const stripe = employee({ uses: ['stripe/invoice.list'] });
    expect((await score({ definition: stripe })).requirements.got).toBe(0);
    expect((await score({ definition: stripe }, { capabilities: [['invoice.list']] })).requirements.got).toBe(1);
  });

  it('names forbidden grants', async () => {
    expect((await score({}, { forbidden: ['slack.post', 'email.send'] })).forbidden).toEqual(['slack/slack.post']);
  });

  it('counts what is reported by overlap with the text, whatever its spaces and quotes', async () => {
    expect((await score({ reported: ["Feed 'the cat'", 'and the dog'] })).undoable.got).toBe(2);
    expect((await score({ reported: ['dog. We pay well'] })).undoable.missed).toEqual(['does not report "the cat"']);
    expect((await score({ reported: ['the canary', ''] })).undoable.got).toBe(0);
  });

  it('says what it missed, and how many skills were expected', async () => {
    const scored = await score({ skills: 3 }, { forbidden: ['slack.read'] });
    expect(missesOf(scored)).toEqual([
      'FORBIDDEN: slack/slack.read is granted',
      'requirement: needs quickbooks/invoice.list',
      'trigger: lacks the schedule 0 9 * * 1',
      'undoable: does not report "the cat"',
      'undoable: does not report "the dog"',
      'skills: 3, expected 1 to 2',
    ]);
  });
});

describe('a set', () => {
  it('is within the bounds when nothing is missed', async () => {
    const right = await score(
      {
        triggers: [{ type: 'schedule', cron: '0 9 * * 1', timezone: null, time_given: true, sentence: '' }],
        reported: [entry.text],
      },
      { capabilities: [['slack.post']] },
    );
    const figures = figuresOf([right, right]);
    expect(figures).toMatchObject({ requirements: { got: 2, of: 2 }, forbidden: 0, skill_counts: { got: 2, of: 2 } });
    expect(shortcomings(figures)).toEqual([]);
  });

  it('is under each bound that it misses', async () => {
    const wrong = await score({ failure: 'graph_invalid', buildMs: 200 }, { forbidden: ['slack.read'] });
    expect(shortcomings(figuresOf([wrong]))).toEqual([
      'requirements 0.667 is under 0.95',
      'triggers 0.000 is under 0.9',
      'undoable 0.000 is under 0.8',
      '1 forbidden grants, none are allowed',
      '1 descriptions made the builder fail, none may',
      'building takes 200 ms, 100 at most',
    ]);
  });
});

it('builds each description as Agent-Core does', async () => {
  const scored = await scoreEntry(entry, catalogueOf({ slack: names.slack }, productCatalogue()), expressions.evaluate);
  expect(scored).toMatchObject({ requirements: { got: 2 }, triggers: { got: 1, of: 1 }, skills: { count: 1 } });
});
