import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { IssuersEnvironment } from '../issuers/environment.ts';
import { spawnChild } from '../processes/spawn-child.ts';
import type { Progress } from '../progress.ts';
import type { TemporalUiFiles } from './get-ui.ts';

export interface TemporalUiOptions {
  /** Folder for its log. */
  readonly dir: string;
  readonly files: TemporalUiFiles;
  readonly port: number;
  readonly temporal: { readonly address: string; readonly namespace: string };
  /** People sign in there, and what Temporal stores is opened with their token at `codecUrl`. Without it: neither. */
  readonly signIn?: IssuersEnvironment['signIn'] & { readonly codecUrl: string };
  readonly log: Progress;
}

export interface TemporalUi {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** Starts the Web UI as docker-compose.temporal.yml does, by the same variables, on the loopback address. */
export async function startUi(options: TemporalUiOptions): Promise<TemporalUi> {
  const { dir, files, port, log } = options;
  const url = `http://127.0.0.1:${port}`;
  await mkdir(dir, { recursive: true });
  const child = await spawnChild({
    name: "Temporal's Web UI",
    command: files.program,
    args: ['--root', dirname(files.configDir), '--config', 'config', '--env', 'docker', 'start'],
    env: uiEnvironment(options, url),
    cwd: dir,
    logFile: join(dir, `temporal-ui-${port}.log`),
    readyWhen: async () => (await fetch(`${url}/api/v1/settings`)).ok,
    log,
  });
  return { url, stop: () => child.stop() };
}

/** As in docker-compose.temporal.yml: nothing is called home for, and what breaks a run is not offered. */
const SAFE = {
  TEMPORAL_DISABLE_NEWS_FETCH: 'true',
  TEMPORAL_START_WORKFLOW_DISABLED: 'true',
  TEMPORAL_WORKFLOW_SIGNAL_DISABLED: 'true',
  TEMPORAL_WORKFLOW_UPDATE_DISABLED: 'true',
  TEMPORAL_WORKFLOW_RESET_DISABLED: 'true',
  TEMPORAL_BATCH_ACTIONS_DISABLED: 'true',
};

/** Every variable that it is given. */
export function uiEnvironment({ dir, port, temporal, signIn }: TemporalUiOptions, url: string): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    HOME: dir,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_DEFAULT_NAMESPACE: temporal.namespace,
    TEMPORAL_UI_PORT: String(port),
    ...SAFE,
    ...(signIn && {
      TEMPORAL_AUTH_ENABLED: 'true',
      TEMPORAL_AUTH_PROVIDER_URL: signIn.issuer,
      TEMPORAL_AUTH_CLIENT_ID: signIn.clientId,
      TEMPORAL_AUTH_CLIENT_SECRET: signIn.clientSecret,
      TEMPORAL_AUTH_CALLBACK_URL: `${url}/auth/sso/callback`,
      TEMPORAL_AUTH_SCOPES: 'openid,profile',
      TEMPORAL_CODEC_ENDPOINT: signIn.codecUrl,
      TEMPORAL_CODEC_PASS_ACCESS_TOKEN: 'true',
    }),
  };
}
