import { afterAll, beforeAll, test } from 'vitest';
import { openGround, type Ground } from './ground.ts';
import { rotatesUnderLoad } from './under-load.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
}, 180_000);
afterAll(() => ground.close());

test('keys are rotated under load, killed thirty times', async () => {
  await rotatesUnderLoad(ground, 30, Math.random);
});
