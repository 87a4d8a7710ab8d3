import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutgoingClient, toOutgoingError, type OutgoingClient, type OutgoingRequest } from './client.ts';

const opened: { server: Server; client: OutgoingClient }[] = [];
afterEach(async () => {
  for (const { server, client } of opened.splice(0)) {
    server.closeAllConnections();
    await Promise.all([new Promise((resolve) => server.close(resolve)), client.close()]);
  }
});

async function serve(handler: RequestListener, allowLoopback = true, atOnce?: number) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const client = createOutgoingClient({ allowLoopback, ...(atOnce !== undefined && { atOnce }) });
  opened.push({ server, client });
  const origin = `http://127.0.0.1:${port}`;
  const send = (changes: Partial<OutgoingRequest> = {}) =>
    client.send({
      method: 'POST',
      url: new URL('/x', origin),
      headers: {},
      body: 'a=b',
      timeoutMs: 2_000,
      allowedOrigin: origin,
      ...changes,
    });
  return { send, port, origin };
}

describe('the way out', () => {
  it('gives status, headers and body as they came', async () => {
    const { send } = await serve((_request, response) => response.writeHead(418, { 'x-a': 'b' }).end('tea'));
    expect(await send()).toMatchObject({ status: 418, headers: { 'x-a': 'b' }, body: 'tea' });
  });

  it('lets so many out at once to an origin, and sends nothing of those for whom no place comes free', async () => {
    const held: (() => void)[] = [];
    const { send } = await serve((_request, response) => void held.push(() => response.end('ok')), true, 2);
    const three = [send(), send(), send()];
    await expect(Promise.race(three)).rejects.toMatchObject({ kind: 'not_sent', reason: 'no_place' });
    expect(held).toHaveLength(2);
    for (const answer of held) answer();
    expect((await Promise.allSettled(three)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    const again = send();
    await expect.poll(() => held.length).toBe(3);
    held[2]?.();
    expect(await again).toMatchObject({ status: 200 });
  });

  it('leads to the allowed origin only, and asks nobody otherwise', async () => {
    let asked = 0;
    const { send, origin, port } = await serve((_request, response) => response.end(String((asked += 1))));
    for (const url of [
      `http://localhost:${port}/x`,
      `http://127.0.0.1:${port + 1}/x`,
      `https://127.0.0.1:${port}/x`,
      `http://127.0.0.1.evil.example/`,
    ]) {
      await expect(send({ url: new URL(url), allowedOrigin: origin })).rejects.toMatchObject({
        kind: 'not_sent',
        reason: 'host_not_allowed',
      });
    }
    expect(asked).toBe(0);
  });

  it('does not lead to this machine or a private network, by address or by name', async () => {
    let asked = 0;
    const { send, port } = await serve((_request, response) => response.end(String((asked += 1))), false);
    for (const host of [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '127.1',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
    ]) {
      const url = new URL(`http://${host}:${port}/x`);
      await expect(send({ url, allowedOrigin: url.origin })).rejects.toMatchObject({
        kind: 'not_sent',
        reason: 'address_blocked',
      });
    }
    expect(asked).toBe(0);
  });

  it('follows no redirect', async () => {
    const paths: (string | undefined)[] = [];
    const { send } = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await send()).toMatchObject({ status: 302 });
    expect(paths).toEqual(['/x']);
  });

  it('tells a request that nobody saw from one that somebody may have', async () => {
    const { send } = await serve((request) => void request.socket.destroy());
    await expect(send()).rejects.toMatchObject({ kind: 'uncertain' });
    const closed = new URL('http://127.0.0.1:1/x');
    await expect(send({ url: closed, allowedOrigin: closed.origin })).rejects.toMatchObject({
      kind: 'not_sent',
      reason: 'econnrefused',
    });
  });

  it('gives up in time, before the answer and in the middle of it', async () => {
    const { send } = await serve(() => undefined);
    await expect(send({ timeoutMs: 50 })).rejects.toMatchObject({ kind: 'uncertain', reason: 'timed_out' });
    const slow = await serve((_request, response) => void response.writeHead(200).write('{'));
    await expect(slow.send({ timeoutMs: 50 })).rejects.toMatchObject({ kind: 'uncertain', reason: 'timed_out' });
  });

  it('reads no more than two megabytes', async () => {
    const { send } = await serve((_request, response) => response.end('x'.repeat(3 * 1024 * 1024)));
    await expect(send()).rejects.toMatchObject({ kind: 'uncertain' });
  });
});

describe('an error of the network', () => {
  const failed = (code: string, syscall: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  const aggregate = (errors: Error[]) => Object.assign(new AggregateError(errors), { code: 'ENETUNREACH' });

  it.each([
    ['EHOSTUNREACH', failed('EHOSTUNREACH', 'connect')],
    ['ENETUNREACH', failed('ENETUNREACH', 'connect')],
    ['ETIMEDOUT', failed('ETIMEDOUT', 'connect')],
    ['ENOTFOUND', failed('ENOTFOUND', 'getaddrinfo')],
    ['EAI_AGAIN', new Error('failed', { cause: failed('EAI_AGAIN', 'getaddrinfo') })],
    ['ENETUNREACH', aggregate([failed('ENETUNREACH', 'connect'), failed('ECONNREFUSED', 'connect')])],
  ])('while connecting means that nothing was sent (%s)', (code, error) => {
    expect(toOutgoingError(error)).toMatchObject({ kind: 'not_sent', reason: code.toLowerCase() });
  });

  it.each([
    failed('EHOSTUNREACH', 'read'),
    failed('ENETUNREACH', 'write'),
    failed('ECONNRESET', 'read'),
    aggregate([failed('ENETUNREACH', 'connect'), failed('EHOSTUNREACH', 'read')]),
    aggregate([]),
    new Error('other side closed', { cause: failed('EHOSTUNREACH', 'read') }),
    'no error at all',
  ])('on a standing connection leaves it open whether it arrived (%s)', (error) => {
    expect(toOutgoingError(error)).toMatchObject({ kind: 'uncertain' });
  });
});
