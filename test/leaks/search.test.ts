import { describe, expect, it } from 'vitest';
import { findSecrets } from './search.ts';

const secret = { name: 'the token', value: 'xoxe.xoxb-1-abcdefghijklmnopqrstuvwxyz0123456789' };
const at = (text: string) => [{ name: 'the file', bytes: Buffer.from(text) }];
const found = ['the token in the file'];

describe('the search for secrets', () => {
  it('finds one that stands there plainly', () => {
    expect(findSecrets([secret], at(`{"a":"${secret.value}"}`))).toEqual(found);
  });

  it('finds one that the end of a page cuts anywhere', () => {
    for (let cut = 1; cut < secret.value.length; cut += 1) {
      expect(findSecrets([secret], at(`..${secret.value.slice(0, cut)}\0\0${secret.value.slice(cut)}..`))).toEqual(found);
    }
  });

  it.each(['', 'a', 'ab', 'abc'])('finds one in base64, after "%s"', (before) => {
    expect(findSecrets([secret], at(Buffer.from(`${before}${secret.value} and more`).toString('base64')))).toEqual(found);
  });

  it('finds nothing where there is nothing', () => {
    expect(findSecrets([secret], at('xoxe.xoxb-1-abc'))).toEqual([]);
  });
});
