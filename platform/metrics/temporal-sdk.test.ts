import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { parseExposition } from '../../test/metrics/exposition.ts';
import { createMetrics } from './metrics.ts';
import { installWithMetrics, type SdkExporter } from './temporal-sdk.ts';

const newMetrics = () => createMetrics({ version: '1', mode: 'staging' });
const errorsOf = async (metrics: ReturnType<typeof newMetrics>) =>
  parseExposition(await metrics.text()).value('clancy_scrape_errors_total', { source: 'temporal_sdk' });

/** Stands where the SDK's exporter would. */
async function exporterAt({ metrics: { prometheus } }: SdkExporter, answer: () => [number, string]) {
  const [host = '', port] = prometheus.bindAddress.split(':');
  const server = createServer((_request, response) => {
    const [status, text] = answer();
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(Number(port), host, resolve));
  expect((server.address() as AddressInfo).address).toBe('127.0.0.1');
  return server;
}

test('what the SDK says is part of the answer; while it says nothing, its part is missing and counted', async () => {
  const metrics = newMetrics();
  let exporter: SdkExporter | undefined;
  await installWithMetrics(metrics, (given) => (exporter = given));
  let answer: [number, string] = [200, '# HELP temporal_x_total X.\n# TYPE temporal_x_total counter\ntemporal_x_total 2\n'];
  const server = await exporterAt(exporter!, () => answer);
  expect(parseExposition(await metrics.text()).value('temporal_x_total')).toBe(2);
  answer = [500, 'oh'];
  expect(parseExposition(await metrics.text()).series('temporal_x_total')).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await metrics.text();
  expect(await errorsOf(metrics)).toBeGreaterThanOrEqual(2);
});

test('a port that somebody else took meanwhile is no reason not to start: another one serves', async () => {
  const addresses: string[] = [];
  await installWithMetrics(newMetrics(), (exporter) => {
    addresses.push(exporter?.metrics.prometheus.bindAddress ?? 'none');
    if (addresses.length < 3)
      throw new Error('Failed to start prometheus metrics exporter: Address already in use (os error 98)');
  });
  expect(addresses).toHaveLength(3);
  expect(addresses).not.toContain('none');
});

test('without any port the runtime has no exporter, and scrapes count it', async () => {
  const metrics = newMetrics();
  let isInstalled = false;
  await installWithMetrics(metrics, (exporter) => {
    if (exporter) throw new Error('Address already in use (os error 98)');
    isInstalled = true;
  });
  expect(isInstalled).toBe(true);
  await metrics.text();
  expect(await errorsOf(metrics)).toBeGreaterThan(0);
});

test('any other failure is the caller’s, and nobody asking means no exporter', async () => {
  await expect(
    installWithMetrics(newMetrics(), () => {
      throw new Error('already instantiated');
    }),
  ).rejects.toThrow('already instantiated');
  const given: unknown[] = [];
  await installWithMetrics(undefined, (exporter) => given.push(exporter));
  expect(given).toEqual([undefined]);
});
