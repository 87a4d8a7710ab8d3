import { expect, it } from 'vitest';
import { capabilityAnswer } from '../client/answers/connecthub.ts';
import { slackCatalogue } from '../testing/fixtures.ts';
import { deprecationInWords } from './deprecation.ts';

const inWords = (deprecated?: object) =>
  deprecationInWords(capabilityAnswer.parse({ ...slackCatalogue.capabilities[0], ...(deprecated && { deprecated }) }));

it('says since when, until when and what to use instead, as far as that is known', () => {
  expect(inWords({ since: '2026-06-30' })).toBe('since 2026-06-30');
  expect(inWords({ since: '2026-06-30', removed_after: '2026-12-31', replacement: 'slack/slack.send' })).toBe(
    'since 2026-06-30, there until 2026-12-31, use slack/slack.send instead',
  );
});

it('says nothing of a capability that stays', () => {
  expect(inWords()).toBeUndefined();
});
