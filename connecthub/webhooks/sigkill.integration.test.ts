import { expect, it } from 'vitest';
import { killWhileWebhooksCome } from '../testing/webhook-kills.ts';

it('no event is lost, doubled or overtaken where ConnectHub is killed', { timeout: 120_000 }, async () => {
  const { acknowledged, taken, repeated } = await killWhileWebhooksCome(2);
  expect(taken).toEqual(acknowledged);
  // Once between the effect and its answer: Agent-Core was asked again, and knew it.
  expect(repeated).toBeGreaterThanOrEqual(1);
});
