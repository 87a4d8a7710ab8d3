import { expect, it } from 'vitest';
import { decodeEntities, textOfHtml } from './html-text.ts';

it.each([
  ['<p>Hello <b>Ada</b>,</p><p>pay&nbsp;soon.</p>', 'Hello Ada,\n\npay soon.'],
  ['<head><title>x</title></head><style>p{}</style><script>a<b</script>Text', 'Text'],
  ['one<br>two<br/>three', 'one\ntwo\nthree'],
  ['before<!-- <p>hidden</p> -->after', 'beforeafter'],
  ['<ul><li>a</li><li>b</li></ul>', 'a\n\nb'],
  ['1 &lt; 2 &amp;&amp; 3', '1 < 2 && 3'],
  ['cut <a href="', 'cut'],
  ['<style>never closed', ''],
  ['plain', 'plain'],
])('reads %s', (html, text) => {
  expect(textOfHtml(html)).toBe(text);
});

it.each(['<', '<style>', '<!--', '&#', '<a ', '</'])('comes to an end for %s two hundred thousand times', (piece) => {
  expect(textOfHtml(piece.repeat(200_000)).length).toBeLessThanOrEqual(piece.length * 200_000);
});

it('reads entities, and leaves what is none', () => {
  expect(decodeEntities('&#39;&#x27;&quot;&unknown;&#0;&#xd800;&#1114112;&amp;lt;')).toBe(
    "''\"&unknown;&#0;&#xd800;&#1114112;&lt;",
  );
});
