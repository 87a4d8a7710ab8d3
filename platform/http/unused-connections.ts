import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections that a server would wait for when it stops, for as long as their clients keep them open: those that have not
 * sent a request yet (clients and browsers open some in advance), which Node's own `closeIdleConnections` leaves open, and
 * those that get their last answer after the stop began.
 */
export function trackUnusedConnections(server: Server): { close(): void } {
  const unused = new Set<Socket>();
  let isClosing = false;
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    unused.delete(socket);
    // Ends once the answer is out.
    response.once('finish', () => isClosing && socket.destroySoon());
  });
  return {
    close: () => {
      isClosing = true;
      for (const socket of unused) socket.destroy();
    },
  };
}
