import { afterEach, expect, test } from 'vitest';
import { startMetricsListener, type MetricsListener } from './listener.ts';

let listener: MetricsListener | undefined;
afterEach(() => listener?.close());

const start = (text: () => Promise<string>, port: number | undefined = 0) =>
  startMetricsListener({ host: '127.0.0.1', port, metrics: { text } });

test('there is none without a port', async () => {
  expect(await startMetricsListener({ host: '127.0.0.1', port: undefined, metrics: { text: async () => '' } })).toBeUndefined();
});

test('answers a scrape in the text format, whatever its query', async () => {
  listener = await start(async () => 'a 1\n');
  const answer = await fetch(`${listener!.url}?name[]=a`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect([answer.status, await answer.text()]).toEqual([200, 'a 1\n']);
});

test('answers nothing else', async () => {
  listener = await start(async () => 'a 1\n');
  const base = listener!.url.replace('/metrics', '');
  for (const path of ['/', '/health', '/metrics/x', '//metrics', '/metrics%00']) {
    expect((await fetch(`${base}${path}`)).status).toBe(404);
  }
  expect((await fetch(listener!.url, { method: 'POST', body: 'x' })).status).toBe(404);
});

test('says nothing of why it failed', async () => {
  listener = await start(() => Promise.reject(new Error('postgres://core_runtime:secret@host')));
  const answer = await fetch(listener!.url);
  expect([answer.status, await answer.text()]).toEqual([500, '']);
});
