import { createServer, type AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

/** For `telemetryOptions` of Temporal's `Runtime.install`. */
export interface SdkExporter {
  readonly metrics: {
    readonly prometheus: {
      readonly bindAddress: string;
      readonly countersTotalSuffix: true;
      readonly unitSuffix: true;
      readonly useSecondsForDurations: true;
    };
  };
}

const MANNERS = { countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true } as const;

/** A port that was free may be taken by another process before the SDK binds it. */
const ATTEMPTS = 5;
const TIMEOUT_MS = 2_000;
/** Of all its metrics together; much more is no answer of the SDK's. */
const MAX_CHARACTERS = 4_000_000;

/**
 * Installs Temporal's runtime with its own Prometheus exporter on a port of the loopback, which nobody outside of this machine
 * reaches, and puts what it says behind `metrics`. Metrics are no reason not to start: where no port can be had, the runtime
 * is installed without an exporter, and scrapes count the error.
 *
 * @param metrics undefined: nobody asks, so the runtime gets no exporter
 * @param install calls `Runtime.install`
 */
export async function installWithMetrics(
  metrics: Pick<Metrics, 'append'> | undefined,
  install: (exporter?: SdkExporter) => unknown,
): Promise<void> {
  if (!metrics) return void install();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const bindAddress = `127.0.0.1:${await freePort()}`;
    try {
      install({ metrics: { prometheus: { bindAddress, ...MANNERS } } });
      return metrics.append('temporal_sdk', () => read(`http://${bindAddress}/metrics`));
    } catch (error) {
      if (!(error instanceof Error) || !/address already in use/i.test(error.message)) throw error;
    }
  }
  install();
  metrics.append('temporal_sdk', () => Promise.reject(new Error('the SDK found no port for its exporter')));
}

async function read(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  const text = await answer.text();
  if (!answer.ok || text.length > MAX_CHARACTERS) throw new Error('the SDK gave no metrics');
  return text;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
