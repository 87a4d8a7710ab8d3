import { freePort } from '../../dev/processes/free-port.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { parseExposition, type Exposition } from './exposition.ts';

const PROCESSES = ['api', 'connecthub', 'worker'] as const;
export type Process = (typeof PROCESSES)[number];

/** The whole product, its three processes to be scraped as Prometheus would. */
export interface Scraped {
  readonly stack: TestStack;
  /** Addresses of `/metrics`. */
  readonly urls: Readonly<Record<Process, string>>;
  /** All that was ever scraped, as it came. */
  readonly texts: string[];
  scrape(): Promise<Record<Process, Exposition>>;
  close(): Promise<void>;
}

export async function startScraped(): Promise<Scraped> {
  const ports = { api: await freePort(), connecthub: await freePort(), worker: await freePort() };
  const stack = await startTestStack({
    // As in production: workers ask for keys.
    encrypted: true,
    extra: {
      api: { METRICS_PORT: String(ports.api) },
      connecthub: { METRICS_PORT: String(ports.connecthub) },
      worker: { PORT: String(ports.worker) },
    },
  });
  const urlOf = (process: Process): string => `http://127.0.0.1:${ports[process]}/metrics`;
  const urls = { api: urlOf('api'), connecthub: urlOf('connecthub'), worker: urlOf('worker') };
  const texts: string[] = [];

  async function read(process: Process): Promise<Exposition> {
    const answer = await fetch(urls[process]);
    const text = await answer.text();
    texts.push(text);
    if (!answer.ok) throw new Error(`${process} answers ${answer.status}`);
    return parseExposition(text);
  }

  return {
    stack,
    urls,
    texts,
    scrape: async () => {
      const [api, connecthub, worker] = await Promise.all([read('api'), read('connecthub'), read('worker')]);
      return { api, connecthub, worker };
    },
    close: () => stack.close(),
  };
}
