import { expect, it } from 'vitest';
import { killWhileWebhooksCome } from '../testing/webhook-kills.ts';

const KILLS = 60;

it(`no event is lost, doubled or overtaken over ${KILLS} kills of ConnectHub`, async () => {
  const { acknowledged, taken } = await killWhileWebhooksCome(KILLS);
  expect(taken).toEqual(acknowledged);
});
