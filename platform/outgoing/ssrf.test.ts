import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutgoingClient, type OutgoingClient } from './client.ts';

const { lookup } = dns;
let server: Server;
let port: number;
let asked: (string | undefined)[];
const clients: OutgoingClient[] = [];
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.headers.host);
    if (request.url === '/away') response.writeHead(302, { location: `http://169.254.169.254:${port}/latest` });
    response.end('inside');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterEach(async () => {
  dns.lookup = lookup;
  syncBuiltinESMExports();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function send(address: string, allowLoopback = false) {
  const client = createOutgoingClient({ allowLoopback });
  clients.push(client);
  const url = new URL(address);
  return client.send({ method: 'GET', url, headers: {}, timeoutMs: 2_000, allowedOrigin: url.origin });
}

/** The name server of this test: what it says at each question, the last word for all that follow. */
function resolving(answers: string[][]): { questions: () => number } {
  let questions = 0;
  const answer = (hostname: string, _options: unknown, callback: (...result: unknown[]) => void) => {
    const addresses = answers[Math.min(questions, answers.length - 1)] ?? [];
    questions += 1;
    expect(hostname).toBe('provider.example');
    callback(
      null,
      addresses.map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })),
    );
  };
  dns.lookup = answer as unknown as typeof lookup;
  syncBuiltinESMExports();
  return { questions: () => questions };
}

const blocked = { kind: 'not_sent', reason: 'address_blocked' };

describe('row 41: a request that is led inside', () => {
  it.each([
    ['in decimal', '2130706433'],
    ['in hex', '0x7f000001'],
    ['in octal', '0177.0.0.1'],
    ['in short', '127.1'],
    ['as zero', '0'],
    ['mapped into IPv6', '[::ffff:127.0.0.1]'],
    ['mapped into IPv6, in hex', '[::ffff:7f00:1]'],
    ['compatible with IPv6', '[::127.0.0.1]'],
    ['over NAT64', '[64:ff9b::7f00:1]'],
    ['over 6to4', '[2002:7f00:1::]'],
    ['of the metadata service', '169.254.169.254'],
    ['of the metadata service, in decimal', '2852039166'],
    ['of the metadata service, in IPv6', '[fd00:ec2::254]'],
    ['of a private network', '10.0.0.1'],
    ['of this machine, with a full stop', '127.0.0.1.'],
  ])('by an address %s is not sent', async (_how, host) => {
    await expect(send(`http://${host}:${port}/`)).rejects.toMatchObject(blocked);
    expect(asked).toEqual([]);
  });

  it('by a name that resolves there is not sent, also where only one of its addresses does', async () => {
    for (const addresses of [
      ['127.0.0.1'],
      ['10.0.0.1'],
      ['::ffff:127.0.0.1'],
      ['1.1.1.1', '127.0.0.1'],
      ['64:ff9b::a9fe:a9fe'],
    ]) {
      resolving([addresses]);
      await expect(send(`http://provider.example:${port}/`)).rejects.toMatchObject(blocked);
    }
    expect(asked).toEqual([]);
  });

  it('by a name that resolves otherwise the second time goes to the address that was checked', async () => {
    // With the waiver the first answer is one that may be reached and the second one never is.
    const { questions } = resolving([['127.0.0.1'], ['169.254.169.254']]);
    expect(await send(`http://provider.example:${port}/`, true)).toMatchObject({ status: 200, body: 'inside' });
    expect([questions(), asked]).toEqual([1, [`provider.example:${port}`]]);
  });

  it('by a redirect is answered with the redirect, which nobody follows', async () => {
    const answer = await send(`http://127.0.0.1:${port}/away`, true);
    expect([answer.status, asked]).toEqual([302, [`127.0.0.1:${port}`]]);
  });

  it.each(['file:///etc/passwd', 'gopher://127.0.0.1/x', 'ftp://127.0.0.1/x', 'data:text/plain,x', 'unix:/var/run/docker.sock'])(
    'by the scheme of %s is not sent',
    async (address) => {
      await expect(send(address, true)).rejects.toMatchObject({ kind: 'not_sent', reason: 'scheme_not_allowed' });
    },
  );
});
