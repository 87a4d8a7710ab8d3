import { expect, it } from 'vitest';
import { buildEmployee } from '../build-employee.ts';
import { slackCatalogue } from '../testing/slack-catalogue.ts';

const eventsOf = (jobDescription: string) =>
  buildEmployee({ jobDescription, catalogue: slackCatalogue() }).explanation.triggers.flatMap((trigger) =>
    trigger.type === 'external_event' ? [{ events: trigger.events, duties: trigger.duties }] : [],
  );
const message = (channel: string) => ({ type: 'slack.message', filter: { channel } });

it.each([
  ['When somebody posts a question in #Billing, react to it with :eyes:.', [message('billing')]],
  ['React with :eyes: to each new message in #desk.', [message('desk')]],
  [
    'When a person asks which channel is right for a subject, answer with the name of the channel.',
    [{ type: 'slack.message', filter: {} }],
  ],
])('"%s" says which event starts it', (job, events) => {
  expect(eventsOf(job)).toEqual([{ events, duties: [expect.any(String)] }]);
});

it('times are no event', () => {
  expect(eventsOf('Every weekday at 9:00 read #support and post a digest of the open questions in #team.')).toEqual([]);
});
