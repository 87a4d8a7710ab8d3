import { expect, it } from 'vitest';
import { withoutIds } from './provider-span.ts';

it.each([
  ['chat.postMessage', 'chat.postMessage'],
  ['messages/19a2b/modify', 'messages/…'],
  ['invoice/what the parameters say', 'invoice/…'],
])('names %j without what parameters gave: %j', (method, name) => expect(withoutIds(method)).toBe(name));
