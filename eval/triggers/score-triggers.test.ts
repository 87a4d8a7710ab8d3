import { describe, expect, it } from 'vitest';
import type { TriggerProposal } from '../../contracts/employee-graph.ts';
import type { TriggerLabel } from '../set/schema.ts';
import { employee } from '../testing/employee.ts';
import { scoreTriggers } from './score-triggers.ts';

const event = (source: string, about: string, more: object = {}): TriggerProposal => ({
  type: 'external_event',
  source,
  about,
  sentence: '',
  ...more,
});
const schedule = (cron: string, more: object = {}): TriggerProposal => ({
  type: 'schedule',
  cron,
  timezone: null,
  time_given: true,
  sentence: '',
  ...more,
});
const wantedEvent = (source: string, about: string): TriggerLabel => ({ type: 'external_event', source, about });
const wantedSchedule = (cron: string): TriggerLabel => ({ type: 'schedule', cron, timezone: null, accept: [], time_given: true });

function score(labels: TriggerLabel[], proposals: TriggerProposal[], made = employee({})) {
  const { recall, precision } = scoreTriggers(labels, proposals, made);
  return [recall.got, recall.of, precision.got, precision.of];
}

describe('triggers', () => {
  it('count once each, and what nobody asked for counts against them', () => {
    const labels = [wantedSchedule('0 9 * * 1'), wantedEvent('gmail', 'an order arrives in orders@')];
    expect(score(labels, [schedule('0 9 * * 1'), event('gmail', 'orders that come to orders@fish.example')])).toEqual([
      2, 2, 2, 2,
    ]);
    expect(score(labels, [schedule('0 9 * * 1'), schedule('0 9 * * 2')])).toEqual([1, 2, 1, 2]);
    expect(score([], [event('slack', 'anything')])).toEqual([0, 0, 0, 1]);
    expect(score(labels, [])).toEqual([0, 2, 0, 0]);
  });

  it('keep the half of a half right schedule', () => {
    expect(score([wantedSchedule('0 9 1-3 * *')], [schedule('0 9 1 * *')])).toEqual([0.5, 1, 0.5, 1]);
  });

  it('answer one wish each: one event does not stand for two', () => {
    const labels = [wantedEvent('gmail', 'a supplier bill arrives'), wantedEvent('gmail', 'a supplier sends a price list')];
    expect(score(labels, [event('gmail', 'a supplier bill or a price list')])).toEqual([1, 2, 1, 1]);
  });

  it('may be a direct command besides, which is never wrong', () => {
    expect(score([], [{ type: 'direct_command' }])).toEqual([0, 0, 0, 0]);
    expect(score([{ type: 'direct_command' }], [{ type: 'direct_command' }])).toEqual([1, 1, 0, 0]);
    expect(score([{ type: 'direct_command' }], [schedule('0 9 * * *')])).toEqual([0, 1, 0, 1]);
  });

  it('take a message to the employee as event or command', () => {
    expect(score([{ type: 'direct_command' }], [event('slack', 'somebody mentions you')])).toEqual([1, 1, 1, 1]);
    expect(score([wantedEvent('slack', 'a direct message to the employee')], [{ type: 'direct_command' }])).toEqual([1, 1, 0, 0]);
  });
});

describe('an event', () => {
  const label = wantedEvent('slack', 'someone asks about parking in #office');
  it.each([
    ['somebody asks about parking in #office', 1],
    ['parking questions in #office', 1],
    ['somebody asks about parking in #garage', 0],
    ['somebody asks about parking', 1],
    ['somebody asks about lunch', 0],
  ])('"%s" is right: %d', (about, got) => {
    expect(score([label], [event('slack', about)])[0]).toBe(got);
  });

  it('is told apart by its source', () => {
    expect(score([wantedEvent('gmail', 'a bill arrives')], [event('slack', 'a bill arrives')])[0]).toBe(0);
  });

  it('has its place in the filter too', () => {
    const filtered = event('slack', 'they ask', { events: [{ type: 'slack.message', filter: { channel: 'office' } }] });
    expect(score([label], [filtered])[0]).toBe(1);
  });

  it('is met by polling its source each hour, and by no other schedule', () => {
    const mail = employee({ uses: ['gmail/email.search'] });
    const wanted = [wantedEvent('gmail', 'a bill arrives'), wantedEvent('gmail', 'a complaint arrives')];
    expect(score(wanted, [schedule('*/30 * * * *')], mail)).toEqual([2, 2, 1, 1]);
    expect(score(wanted, [schedule('0 9 * * *')], mail)).toEqual([0, 2, 0, 1]);
    expect(score(wanted, [schedule('0 * * * *')], employee({ uses: ['slack/slack.read'] }))).toEqual([0, 2, 0, 1]);
  });
});
