import { expect, it } from 'vitest';
import { eventIdOf, isMarked, marked } from './marker.ts';

it('an event’s id is the call’s key in the letters that Calendar takes', () => {
  const id = eventIdOf('abcdefghijklmnopqrstuvwxyz234567');
  expect(id).toBe('0123456789abcdefghijklmnopqrstuv');
  expect(eventIdOf('77aa')).toBe('vv00');
});

it('a change is known by a property that only we see', () => {
  const event = { id: 'e', attendees: [], ...marked('k1') };
  expect(isMarked(event, 'k1')).toBe(true);
  expect(isMarked(event, 'k2')).toBe(false);
  expect(isMarked({ id: 'e', attendees: [] }, 'k1')).toBe(false);
});
