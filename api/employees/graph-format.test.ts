import { expect, test } from 'vitest';
import { graphFormat } from './graph-format.ts';

test.each([
  [undefined, 'json'],
  ['', 'json'],
  ['*/*', 'json'],
  ['application/json', 'json'],
  ['text/plain', 'mermaid'],
  ['text/vnd.mermaid', 'mermaid'],
  ['text/html, text/vnd.mermaid;q=0.9, application/json;q=0.5', 'mermaid'],
  ['text/plain;q=0.2, application/json;q=0.8', 'json'],
  ['text/plain;q=0, */*', 'json'],
  ['image/svg+xml', 'svg'],
  ['image/avif,image/webp,image/*;q=0.8', 'svg'],
] as const)('Accept %s gives %s', (accept, format) => {
  expect(graphFormat(accept)).toBe(format);
});

test('a form that a graph does not have is refused', () => {
  expect(() => graphFormat('image/png')).toThrow('A graph comes as');
});
