import { proxyActivities } from '@temporalio/workflow';
import type { FloorActivities, FloorCall } from './activities.ts';

const { call, record } = proxyActivities<FloorActivities>({ startToCloseTimeout: '2 minutes' });

/** What a run of ours cannot be quicker than: the call, the row, and nothing else. */
export async function floorRun(input: FloorCall): Promise<string> {
  const ts = await call(input);
  await record({ text: input.text, ts });
  return ts;
}
