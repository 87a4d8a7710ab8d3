import { expect, test } from 'vitest';
import type { Catalogue } from '../../contracts/capability.ts';
import { createCatalogueAnswers } from './answers.ts';

const catalogue = (title: string): Catalogue => ({
  providers: [{ provider: 'slack', title, capabilities: [], connections: [] }],
});
const changed = [{ action: 'connection.disconnect', objectType: 'connection', objectId: 'conn_1', allowed: true }];

function stand() {
  let nowMs = 0;
  let made = 0;
  const answers = createCatalogueAnswers(() => nowMs);
  const ask = async (orgId = 'org_1', filters: object = {}) => {
    const answer = await answers.get(orgId, filters, async () => catalogue(`${(made += 1)}`));
    return answer.catalogue.providers[0]?.title;
  };
  return { answers, ask, pass: (ms: number) => void (nowMs += ms) };
}

test('an answer is made once in a while, for each organisation and filter', async () => {
  const { ask, pass } = stand();
  expect([await ask(), await ask(), await ask('org_2'), await ask('org_1', { risk: 'read' }), await ask()]).toEqual([
    '1',
    '1',
    '2',
    '3',
    '1',
  ]);
  pass(1_000);
  expect(await ask()).toBe('4');
});

test('what is committed shows at once, in its organisation; calls change nothing', async () => {
  const { answers, ask } = stand();
  expect([await ask(), await ask('org_2')]).toEqual(['1', '2']);
  answers.onCommitted([{ action: 'call.begin', objectType: 'call', objectId: 'x', allowed: true }], 'org_1');
  expect(await ask()).toBe('1');
  answers.onCommitted(changed, 'org_1');
  expect([await ask(), await ask('org_2')]).toEqual(['3', '2']);
});

test('an answer that was under way while something changed is not kept', async () => {
  const { answers, ask } = stand();
  let go: (said: Catalogue) => void = () => undefined;
  const first = answers.get('org_1', {}, () => new Promise((resolve) => void (go = resolve)));
  answers.onCommitted(changed, 'org_1');
  go(catalogue('old'));
  await first;
  expect(await ask()).toBe('1');
});

test('a failure is told to those who waited, and to nobody else', async () => {
  const { answers, ask } = stand();
  const failing = async (): Promise<Catalogue> => {
    throw new Error('no database');
  };
  await expect(answers.get('org_1', {}, failing)).rejects.toThrow('no database');
  expect(await ask()).toBe('1');
});

test('the same catalogue has the same tag', async () => {
  const { answers } = stand();
  const tagOf = async (orgId: string, title: string) => (await answers.get(orgId, {}, async () => catalogue(title))).etag;
  expect(await tagOf('org_1', 'a')).toBe(await tagOf('org_2', 'a'));
  expect(await tagOf('org_3', 'b')).not.toBe(await tagOf('org_1', 'a'));
});
