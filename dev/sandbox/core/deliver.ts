import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

/** Sends an answer as it is. Nothing happens when the caller is gone. */
export function sendAnswer(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
}

/** Announces the whole answer, sends its first half and ends the connection. */
export function sendHalf(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.end());
}

/** A success by status whose body is no answer of the provider, such as a proxy in between would send. */
export function sendGarbage(response: ServerResponse): void {
  const body = '<html><body><h1>upstream connect error</h1>';
  sendAnswer(response, { status: 200, headers: { 'content-type': 'text/html' }, body });
}

/** Ends the connection without an answer (TCP reset, so that the caller sees ECONNRESET). */
export function resetConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
