import { describe, expect, it } from 'vitest';
import { findCount, findDaysLate, findHours, findMoney } from './amounts.ts';
import { channelMentions } from './channels.ts';
import { findEmoji } from './emoji.ts';
import { findApprover, findPerson } from './people.ts';
import { findText, findTopic } from './phrases.ts';

describe('channels', () => {
  it.each([
    ['read #a, #b and #c', ['#a source', '#b source', '#c source']],
    ['post a digest of #a and #b in #c', ['#a source', '#b source', '#c target']],
    ['share what people wrote in #a to #b', ['#a source', '#b target']],
    ['ask in #a for news', ['#a target']],
    ['a digest of the messages in #a', ['#a unknown']],
    ['nothing here & C#sharp', []],
  ])('%s', (text, wanted) => {
    expect(channelMentions(text).map(({ name, role }) => `${name} ${role}`)).toEqual(wanted);
  });
});

describe('emojis', () => {
  it.each([
    ['react with :white_check_mark:', 'white_check_mark'],
    ['put a wave emoji on it', 'wave'],
    ['tick it with a green tick', 'white_check_mark'],
    ['add 👀', 'eyes'],
    ['at 10:00 and 11:00', undefined],
    ['the fire brigade', undefined],
  ])('%s', (text, wanted) => {
    expect(findEmoji(text)).toBe(wanted);
  });
});

describe('people', () => {
  it.each([
    ['send Marta a direct message', '@marta'],
    ['send the head caretaker, Bogdan, a direct message', '@bogdan'],
    ['dm @ana.lima the list', '@ana.lima'],
    ['a direct message to our chair Petra', '@petra'],
    ['dm kim@firm.example a recap', 'kim@firm.example'],
    ['send me a direct message on Monday', undefined],
    ['Post a summary in #a', undefined],
  ])('%s', (text, wanted) => {
    expect(findPerson(text)).toBe(wanted);
  });
});

describe('amounts and phrases', () => {
  it('reads how many and how far back', () => {
    expect(findCount('the best five posts')).toBe(5);
    expect(findCount('the ten liveliest messages')).toBe(10);
    expect(findCount('five people')).toBeUndefined();
    expect(findHours("last week's posts")).toBe(168);
    expect(findHours('the last 3 days')).toBe(72);
    expect(findHours('over the weekend')).toBe(72);
    expect(findHours('all posts')).toBeUndefined();
  });

  it('reads what is to be said and asked', () => {
    expect(findText('post "Stand up" in #a')).toBe('Stand up');
    expect(findText('send a message saying the report is due.')).toBe('the report is due');
    expect(findTopic("ask in #a for everyone's hours.")).toBe('your hours');
    expect(findTopic('ask the team what they plan')).toBe('what you plan');
    expect(findTopic('post a digest')).toBeUndefined();
  });
});

describe('money and lateness', () => {
  it.each([
    ['only the ones over 500 euros', 500],
    ['invoices above €1,200.50', 1_200.5],
    ['more than 1.200 EUR', 1_200],
    ['bigger than $75', 75],
    ['over 500 people', undefined],
    ['over 30 days late', undefined],
  ])('%s', (text, wanted) => {
    expect(findMoney(text)).toBe(wanted);
  });

  it.each([
    ['at least two weeks late', 14],
    ['more than 30 days overdue', 31],
    ['at least a month late', 30],
    ['over a week past due', 8],
    ['in two weeks', undefined],
  ])('%s', (text, wanted) => {
    expect(findDaysLate(text)).toBe(wanted);
  });
});

describe('whose yes is wanted', () => {
  it.each([
    ['Always ask Katrin before an email is sent', 'Katrin'],
    ['Never send anything to a client without asking Dana first', 'Dana'],
    ['Above that, Tobias has to OK it first', 'Tobias'],
    ['Ask before you send', undefined],
    ['Never post on Monday', undefined],
  ])('%s', (text, wanted) => {
    expect(findApprover(text)).toBe(wanted);
  });
});
