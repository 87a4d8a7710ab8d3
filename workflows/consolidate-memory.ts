import { continueAsNew } from '@temporalio/workflow';
import type { ConsolidateMemoryInput } from '../contracts/system-workflows.ts';
import { askAgentCore } from './agent-core.ts';
import { createWaiting } from './waiting.ts';

/** Steps of one history. */
const STEPS = 500;

/** What a schedule starts once a day: puts the memory of each organisation in order, some at a time. */
export async function consolidateMemory(input: ConsolidateMemoryInput = { after: '' }): Promise<void> {
  const waiting = createWaiting();
  let { after } = input;
  for (let step = 0; step < STEPS; step += 1) {
    const done = await askAgentCore(waiting, 'consolidateMemory', { after }, 'put memory in order');
    if (done.after === null) return;
    after = done.after;
  }
  await continueAsNew<typeof consolidateMemory>({ after });
}
