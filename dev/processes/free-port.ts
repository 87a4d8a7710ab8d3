import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ranges that Linux (32768) and macOS (49152) hand to outgoing connections: a server that is
// stopped and started again finds its port still free.
const lowestPort = 15_000;
const highestPort = 31_999;

const handedOut = new Set<number>();

/** A port of 127.0.0.1 on which nothing listens and that this process has not handed out before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(lowestPort, highestPort + 1);
    if (handedOut.has(port) || !(await isPortFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`no free port found between ${lowestPort} and ${highestPort}`);
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
