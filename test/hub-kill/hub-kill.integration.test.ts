import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, type Site } from '../faults/site.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { holdRun, type HeldRun, type Point } from './held-run.ts';

const HISTORY = ['channels:history'];

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack();
});
afterAll(() => world.close());

const newSite = (without: readonly string[] = []) => openSite(world, { without });

async function hold(point: Point, strategy: 'lookup' | 'none', isolation: 'child' | 'inline' = 'child'): Promise<HeldRun> {
  const site = await newSite(strategy === 'none' ? HISTORY : []);
  return holdRun({ sandbox: world.sandbox, ownerUrl: world.stack.databases.owner }, site, point, isolation);
}

async function killHubAndRestart(runs: HeldRun[]): Promise<string[]> {
  const { connecthub } = world.stack.processes;
  connecthub.kill('SIGKILL');
  await connecthub.waitForExit();
  const waits = await Promise.all(runs.map(({ site, runId }) => site.untilWaitingOn(runId, 'connecthub')));
  await Promise.all(runs.map(({ letGo }) => letGo()));
  await connecthub.restart();
  return waits;
}

const ledger = async (site: Site) =>
  (await site.query('select call_id, state, attempts, idempotency from hub.call_keys where org_id = $1'))[0];

async function unknownCall({ site, runId }: HeldRun): Promise<string> {
  return (await site.untilWaitingOn(runId, 'receipt:')).slice('receipt:'.length);
}

describe('ConnectHub killed with SIGKILL in the middle of a post', () => {
  const POINTS: Point[] = ['before the effect', 'before the answer', 'before the outcome is recorded'];
  let found: { [point in Point]: HeldRun };
  let unknown: { elsewhere: HeldRun; alone: HeldRun };
  let waits: string[];
  beforeAll(async () => {
    const [first, second, third, fourth, fifth] = await Promise.all([
      hold('before the effect', 'lookup'),
      hold('before the answer', 'lookup'),
      hold('before the outcome is recorded', 'lookup', 'inline'),
      hold('before the answer', 'none'),
      hold('before the outcome is recorded', 'none', 'inline'),
    ]);
    found = { 'before the effect': first, 'before the answer': second, 'before the outcome is recorded': third };
    unknown = { elsewhere: fourth, alone: fifth };
    waits = await killHubAndRestart([first, second, third, fourth, fifth]);
  });

  it('leaves runs that say that they wait on it', () => {
    expect(waits).toEqual(Array.from({ length: 5 }, () => 'connecthub'));
  });

  it.each(POINTS)('%s: with a marker to look for, the message stands once and the run completes', async (point) => {
    const { site, runId } = found[point];
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed', waiting_on: [] });
    const [message, ...others] = await site.posts();
    expect(others).toEqual([]);
    const run = await site.run(runId);
    expect(run.result?.result).toMatchObject({ work: { post: { channel: message?.channel, ts: message?.ts } } });
    expect(await ledger(site)).toMatchObject({ state: 'succeeded', idempotency: 'lookup' });
  });

  it('without one, the receipt is unknown, nothing is repeated, and the run waits on a person', async () => {
    for (const { site, runId } of [unknown.elsewhere, unknown.alone]) {
      const word = await site.untilWaitingOn(runId, 'receipt:');
      const [receipt, ...others] = await site.receipts(runId);
      expect(others).toEqual([]);
      expect(receipt).toMatchObject({ outcome: 'unknown', error_code: 'outcome_unknown' });
      expect(word).toBe(`receipt:${receipt?.call_id}`);
      expect(await ledger(site)).toMatchObject({ state: 'unknown', attempts: 1, idempotency: 'none' });
      expect(await site.requests('chat.postMessage')).toHaveLength(1);
      expect(await site.run(runId)).toMatchObject({ status: 'running', finished_at: null });
    }
  });

  it('goes on with the result that another member gives, and posts nothing more', async () => {
    const { site, runId } = unknown.elsewhere;
    const operator = site.org.as('operator');
    await operator.runs.list(); // whose token makes them known as a member
    const callId = await unknownCall(unknown.elsewhere);
    const result = { channel: 'C0BILLING1', ts: '1795442291.082000' };
    await expect(site.manager.receipts.resolve(callId, { resolution: 'happened', result })).rejects.toMatchObject({
      code: 'four_eyes',
    });
    expect(await site.untilWaitingOn(runId, 'receipt:')).toBe(`receipt:${callId}`);
    await operator.receipts.resolve(callId, { resolution: 'happened', result });
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed', result: { result: { work: { post: result } } } });
    expect(await site.requests('chat.postMessage')).toHaveLength(1);
    expect(await site.receipts(runId)).toMatchObject([
      { outcome: 'succeeded', resolution: 'happened', resolved_by: expect.stringContaining('user_operator') },
    ]);
    await expect(operator.receipts.resolve(callId, { resolution: 'did_not_happen' })).rejects.toMatchObject({
      code: 'receipt_not_unknown',
    });
  });

  it('goes out exactly once more when its only member says that it did not happen', async () => {
    const { site, runId } = unknown.alone;
    const callId = await unknownCall(unknown.alone);
    await site.manager.receipts.resolve(callId, { resolution: 'did_not_happen' });
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
    expect(await site.requests('chat.postMessage')).toHaveLength(2);
    expect(await ledger(site)).toMatchObject({ state: 'succeeded', attempts: 2 });
    const audited = await site.query(`select details from hub.audit where org_id = $1 and action = 'receipt.resolve'`);
    expect(audited).toEqual([{ details: expect.objectContaining({ resolution: 'did_not_happen', sole_member: true }) }]);
  });
});
