import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cliSources } from '../../dev/temporal/cli-sources.ts';
import { findCli } from '../../dev/temporal/find-cli.ts';
import { testHost } from '../../dev/temporal/test-host.ts';
import { silent } from '../../dev/progress.ts';
import type { TestStack } from '../stack/test-stack.ts';

/**
 * What Temporal's command prints of a workflow's history, decoded for the person with this token: all of it, and the bytes of
 * its payloads as text. Throws what it says.
 */
export async function showWorkflow({ stack }: TestStack, workflowId: string, token?: string): Promise<string> {
  const { address, namespace } = stack.temporal;
  const { path } = await findCli(cliSources({ ...(await testHost()), log: silent }));
  const codec = ['--codec-endpoint', `${stack.urls.api}/codec`, '--codec-auth', `Bearer ${token}`];
  const where = ['--address', address, '--namespace', namespace, '--workflow-id', workflowId];
  const args = ['workflow', 'show', '--output', 'json', ...where, ...(token === undefined ? [] : codec)];
  const quiet = ['--disable-config-env', '--disable-config-file'];
  const { stdout } = await promisify(execFile)(path, [...args, ...quiet], { maxBuffer: 64 * 1024 * 1024 });
  const payloads = [...stdout.matchAll(/"data": *"([^"]*)"/g)].map(([, data]) => Buffer.from(data ?? '', 'base64').toString());
  return [stdout, ...payloads].join('\n');
}
