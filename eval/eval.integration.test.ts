import { createCoreDatabase, type CoreDatabase } from '../db/client.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../test/database.ts';
import { productCatalogue } from './catalogue.ts';
import { scoreSupervisor } from './supervisor/score-supervisor.ts';

let database: TestDatabase;
let db: CoreDatabase;
beforeAll(async () => {
  database = await testDatabase();
  db = createCoreDatabase({ url: database.coreUrl, orgContextKey: database.orgContextKey, logger: { warn: () => {} } });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const catalogue = { slack: { 'slack.post': '', 'slack.read': '', 'slack.react': '' } };
const employees = [
  { name: 'Digest', text: 'Post a digest of #support in #team every day at 9:00.' },
  { name: 'Eyes', text: 'When somebody posts a request in #orders, react to it with :eyes:.' },
];
const team = (triggers: object[]) => ({ about: '', catalogue, cases: [{ id: 'team', employees, triggers }] }) as never;

it('hires the team and asks the supervisor, which decides by words and by subscriptions', async () => {
  const right = team([
    { text: 'Post a digest of #support in #team', payload: {}, expect: ['Digest'] },
    { type: 'slack.message', payload: { channel: 'C1', channel_name: 'orders' }, text: 'Two chairs', expect: ['Eyes'] },
    { type: 'slack.message', payload: { channel: 'C2', channel_name: 'lunch' }, text: 'Soup!', expect: [] },
  ]);
  const score = await scoreSupervisor('team', right, { db, product: productCatalogue() });
  expect(score).toEqual({ name: 'team', decisions: { got: 3, of: 3, missed: [] }, misled: 0, short: [] });
});

it('says whom a message went to instead, and is under its bounds', async () => {
  const wrong = team([{ text: 'Post a digest of #support in #team', payload: {}, expect: [] }]);
  const score = await scoreSupervisor('team', wrong, { db, product: productCatalogue() });
  expect(score.decisions.missed).toEqual(['team: "Post a digest of #support in #team" goes to Digest, not to nobody']);
  expect(score.short).toHaveLength(2);
});
