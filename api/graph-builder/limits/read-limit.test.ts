import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { slackCatalogue } from '../testing/slack-catalogue.ts';
import { readLimit } from './read-limit.ts';

const around = { catalogue: slackCatalogue(), targets: ['#digest'] };

/** Whether the limit's rule restricts what is posted in a channel. */
async function restricts(sentence: string, channel: string): Promise<unknown> {
  const limit = readLimit(sentence, around);
  const rule = limit.kind === 'rules' ? limit.rules.find(({ capability }) => capability === 'slack/slack.post') : undefined;
  expect(rule?.when).toBeDefined();
  return jsonata(rule?.when ?? '').evaluate({ parameters: { channel, text: 'Hi' } });
}

describe.each(['Never post in #general or #All-Hands.', 'Ask Dana before you post in #general or #all-hands.'])(
  'the limit "%s"',
  (sentence) => {
    it.each(['#general', '#General', '#all-hands', '#ALL-HANDS'])('restricts %s', async (channel) => {
      expect(await restricts(sentence, channel)).toBe(true);
    });

    it.each(['C0GENERAL1', 'G0PRIVATE1', 'D0DIRECT01'])('restricts %s, an id of which nobody can tell', async (channel) => {
      expect(await restricts(sentence, channel)).toBe(true);
    });

    it.each(['#digest', '#general-talk'])('leaves %s alone', async (channel) => {
      expect(await restricts(sentence, channel)).toBe(false);
    });
  },
);

describe('a limit to some channels', () => {
  it.each([
    ['#digest', false],
    ['#general', true],
    ['C0DIGEST01', true],
  ])('restricts all but them (%s: %s)', async (channel, isRestricted) => {
    expect(await restricts('Only post in #digest.', channel)).toBe(isRestricted);
  });
});
