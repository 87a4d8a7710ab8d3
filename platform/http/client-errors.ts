import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { ClancyError } from '../../contracts/errors.ts';
import { toProblem } from './problems.ts';

const TOO_LARGE = { status: 431, detail: 'The address and headers of the request are too large together.' };
const TOO_SLOW = { status: 408, detail: 'The request did not arrive in time.' };
const MALFORMED = { status: 400, detail: 'This is not an HTTP request.' };

/**
 * Answers what Node's HTTP parser refuses before there is a request (Fastify's `clientErrorHandler`), in the form that every
 * other problem has. The connection ends with it: where the next request would begin is not known.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = kindOf(error.code);
  const problem = { ...toProblem(new ClancyError('invalid_request', detail), `urn:uuid:${randomUUID()}`), status };
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function kindOf(code: string | undefined): { status: number; detail: string } {
  if (code === 'HPE_HEADER_OVERFLOW') return TOO_LARGE;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? TOO_SLOW : MALFORMED;
}
