import { expect, it } from 'vitest';
import { EVENT_FIELDS } from '../../../contracts/trigger.ts';
import { buildEmployee } from '../build-employee.ts';
import { slackCatalogue } from '../testing/slack-catalogue.ts';
import { internalEventsOf } from './internal-events.ts';

it.each([
  ['a run fails', 'clancy.run_failed', {}],
  ['a run of any employee has failed', 'clancy.run_failed', {}],
  ['a run of the Billing clerk fails', 'clancy.run_failed', { employee: 'Billing clerk' }],
  ['any run is cancelled', 'clancy.run_interrupted', {}],
  ['a connection stops working', 'clancy.connection_needs_reauth', {}],
  ['the QuickBooks connection needs to be reconnected', 'clancy.connection_needs_reauth', {}],
  ['an integration is removed', 'clancy.connection_disconnected', {}],
  ['an approval is decided', 'clancy.approval_decided', {}],
  ['an approval is rejected', 'clancy.approval_decided', { status: 'rejected' }],
  ['an approval has expired', 'clancy.approval_expired', {}],
])('"%s" waits for %s', (about, type, filter) => {
  expect(internalEventsOf(about)).toEqual([{ type, filter }]);
  expect(Object.keys(EVENT_FIELDS)).toContain(type);
});

it.each([
  'somebody posts a question in #billing',
  'the printer runs out of paper',
  'a customer approves the offer',
  'an invoice is overdue',
  'a payment fails',
  'the payroll run fails',
  'a payroll run fails',
  'the internet connection breaks',
  'the approval is given',
  'if approval is given',
  'a test run of the new press has failed',
])('"%s" is no fact of ours', (about) => expect(internalEventsOf(about)).toEqual([]));

it('a duty that waits for one is subscribed to it, whatever channels it writes to', () => {
  const jobDescription = 'When a run fails, post "A run has failed" in #ops.';
  const { triggers } = buildEmployee({ jobDescription, catalogue: slackCatalogue() }).explanation;
  expect(triggers).toMatchObject([
    { type: 'external_event', source: 'clancy', events: [{ type: 'clancy.run_failed', filter: {} }] },
  ]);
});
