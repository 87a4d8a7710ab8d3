import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { exchange } from './exchange.ts';
import { createMachinery } from './machinery.ts';
import { jsonAnswer } from './answer.ts';

it('answers 500 with the reason when a provider of the sandbox is broken, instead of hanging', async () => {
  const machinery = createMachinery(Date.now);
  const request = {
    provider: 'broken',
    team: null,
    method: 'some.method',
    requestId: 'r-1',
    args: {},
    act: () => {
      throw new Error('a mistake');
    },
    renderStatus: (status: number) => jsonAnswer(status, {}),
    renderError: (error: string) => jsonAnswer(200, { error }),
  };
  const server = createServer((_request, response) => void exchange(machinery, request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const response = await fetch(`http://127.0.0.1:${address.port}`);
  expect([response.status, await response.text()]).toEqual([500, 'sandbox: Error: a mistake']);
  expect(machinery.requests.list()).toMatchObject([{ method: 'some.method', status: 500 }]);
  server.closeAllConnections();
  server.close();
});
