import { afterAll, beforeAll } from 'vitest';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { followsThePage } from './follows-the-pages.ts';
import { rehearses } from './rehearses.ts';
import { rollsBack } from './rolls-back.ts';

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack();
}, 180_000);
afterAll(() => world?.close());

rehearses(() => world);
rollsBack(() => world);
followsThePage(() => world);
