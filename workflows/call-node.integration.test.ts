import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOf } from '../test/engine/ends.ts';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { problem, succeed } from '../test/engine/fake-services.ts';
import type { Hub } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
});
afterAll(() => engine?.close());

/** Three customers; the call for the second is answered with `no`. */
function remindThree(onRefused: 'continue' | 'fail') {
  const remind = { ...call('send', 'slack/slack.dm', { user: '=input.to' }), on_refused: onRefused };
  const body = skillGraph('remind_one', [remind], {
    input: { to: { type: 'string', description: '' } },
    output: '=nodes.send.refused ? nodes.send.refused.code : "sent"',
  });
  const all = skillGraph(
    'remind_all',
    [
      {
        id: 'each',
        kind: 'foreach',
        items: '["a", "b", "c"]',
        body: body.id,
        input: { to: '=item' },
        max_items: 10,
        max_parallel: 1,
      },
    ],
    { output: '=nodes.each' },
  );
  return runOf([skillNode('remind', 'remind_all')], [all, body]);
}
const answerSecond =
  (code: string, status: number): Hub =>
  (seen) =>
    seen.parameters['user'] === 'b' ? problem(status, code, { detail: 'no' }) : succeed(seen, { done: true });

describe('a capability node that goes on after a no', () => {
  test.each([
    ['policy_denied', 403],
    ['provider_refused', 422],
  ])('makes %s its output, and the other items are done', async (code, status) => {
    const handle = await engine.startRun(remindThree('continue'), answerSecond(code, status));
    expect(await handle.result()).toMatchObject({ status: 'completed', result: { remind: ['sent', code, 'sent'] } });
  });

  test('fails all the same for what no call could do', async () => {
    const handle = await engine.startRun(remindThree('continue'), answerSecond('grant_missing', 403));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'grant_missing' });
  });

  test('fails by the no where the node does not say that it goes on', async () => {
    const handle = await engine.startRun(remindThree('fail'), answerSecond('policy_denied', 403));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'policy_denied' });
  });
});
