import { CancelledFailure } from '@temporalio/activity';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { fakeTicket } from '../../test/engine/fake-services.ts';
import { createCallCapability } from './call-capability.ts';

const run = 'emp:00000000000000000000000000_v1:2026-11-23T10:00:00.000Z';
const input = {
  call_id: `${run}:skill:a:call:1`,
  capability: 'slack/slack.post',
  connection_id: 'conn',
  parameters: {},
  run_id: run,
  ticket: fakeTicket({ run_id: run, call_scope: run }),
};

let close: () => void = () => undefined;
afterEach(() => close());

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A call under way at a ConnectHub that answers when it is let. */
async function callUnderWay(options: { token?: () => Promise<string> } = {}) {
  const requests: string[] = [];
  const { promise: arrived, resolve: onArrival } = deferred<void>();
  const { promise: released, resolve: release } = deferred<void>();
  const server = createServer((request, response) => {
    requests.push(String(request.headers['idempotency-key']));
    onArrival();
    void released.then(() =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ call_id: input.call_id, status: 'succeeded', result: { ts: '1' }, replayed: false })),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const callCapability = createCallCapability({
    connectHubUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens: { get: options.token ?? (() => Promise.resolve('token')), drop: () => undefined },
    logger: { warn: () => undefined },
  });
  const activity = new MockActivityEnvironment({ workflowExecution: { workflowId: `${run}:skill:a`, runId: 'temporal' } });
  const end = activity.run(callCapability, input).catch((error: unknown) => error);
  return { activity, arrived, release, end, requests };
}

describe('a call whose run is cancelled', () => {
  test('is waited for when it is under way, and tells what it did', async () => {
    const { activity, arrived, release, end } = await callUnderWay();
    await arrived;
    activity.cancel();
    release();
    expect(await end).toMatchObject({ kind: 'succeeded', result: { ts: '1' } });
  });

  test('is not sent when it was not yet under way', async () => {
    const { promise: token, resolve: giveToken } = deferred<string>();
    const { activity, end, requests } = await callUnderWay({ token: () => token });
    activity.cancel();
    giveToken('token');
    expect(await end).toBeInstanceOf(CancelledFailure);
    expect(requests).toEqual([]);
  });

  test('is given up when it is the worker that stops: the next attempt asks what became of it', async () => {
    const { activity, arrived, end } = await callUnderWay();
    await arrived;
    activity.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    expect(await end).toBeInstanceOf(CancelledFailure);
  });
});
