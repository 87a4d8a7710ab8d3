import { request } from 'node:http';
import { json } from 'node:stream/consumers';

/**
 * Announces a JSON body of so many bytes and waits for the answer before sending any of them, as `Expect: 100-continue`
 * would: a server that refuses by length closes the connection, and who is writing by then may lose its answer.
 */
export async function announce(
  url: URL,
  headers: Record<string, string>,
  bytes: number,
): Promise<{ status: number; body: unknown }> {
  const sending = request(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'content-length': String(bytes) },
  });
  sending.flushHeaders();
  return new Promise((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', (answer) => {
      json(answer)
        .then((body) => resolve({ status: answer.statusCode ?? 0, body }))
        .catch(reject)
        .finally(() => sending.destroy());
    });
  });
}
