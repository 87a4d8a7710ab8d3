import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { promisify } from 'node:util';

export interface TlsDoor {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Puts https before one of our processes, as the installation's door does: the Web UI shows a person's token to no codec
 * server without it. The certificate is made now, with `openssl`, and nobody has signed it.
 */
export async function openTlsDoor({ port, to }: { port: number; to: string }): Promise<TlsDoor> {
  const target = new URL(to);
  const pem = await selfSigned();
  const server = createServer({ key: pem, cert: pem }, (asked, answer) => {
    const { method, url: path, headers } = asked;
    const onward = request({ host: target.hostname, port: target.port, method, path, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    onward.on('error', () => answer.writeHead(502).end());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { url: `https://127.0.0.1:${port}`, stop };
}

/** Key and certificate in one text. */
async function selfSigned(): Promise<string> {
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    const { stdout } = await promisify(execFile)('openssl', ['req', '-x509', ...key, ...subject, '-keyout', '-', '-out', '-']);
    return stdout;
  } catch (error) {
    throw new Error('a certificate for 127.0.0.1 is made with openssl, which is needed on the PATH', { cause: error });
  }
}
