import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { readWorkerConfig, WORKER_VARIABLES } from '../../activities/agent-worker/config.ts';
import { API_VARIABLES, readApiConfig } from '../../api/config.ts';
import { HUB_VARIABLES, readHubConfig } from '../../connecthub/config.ts';
import { MIGRATE_VARIABLES, readMigrateConfig } from '../../db/migrate-config.ts';
import { UI_VERSION } from '../../dev/temporal-ui/get-ui.ts';
import { uiEnvironment, type TemporalUiOptions } from '../../dev/temporal-ui/start-ui.ts';
import { silent } from '../../dev/progress.ts';
import { composeWith, environmentOf, FROM_OTHERS, interpolations, rawCompose, SECRETS } from './compose-file.ts';

const file = composeWith({ ...FROM_OTHERS, ...SECRETS });

const OF_TEMPORAL = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'];
const OF_AWS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

const WITH_DEFAULT = ['CLANCY_IMAGE', 'CLANCY_PREVIOUS_IMAGE', 'CLANCY_MODE', 'LOG_LEVEL', 'BLOBS'];

const SIGNED_IN: TemporalUiOptions = {
  dir: '/tmp',
  files: { program: '', configDir: '' },
  port: 8233,
  temporal: { address: 'temporal:7233', namespace: 'clancy' },
  signIn: { issuer: 'https://id.example', clientId: 'ui', clientSecret: 's', codecUrl: 'https://api.example.com/codec' },
  log: silent,
};

const PROCESSES = [
  { service: 'api', read: readApiConfig, variables: [...API_VARIABLES, ...OF_TEMPORAL, ...OF_AWS] },
  { service: 'connecthub', read: readHubConfig, variables: [...HUB_VARIABLES, ...OF_AWS] },
  { service: 'worker', read: readWorkerConfig, variables: [...WORKER_VARIABLES, ...OF_TEMPORAL] },
  { service: 'worker-previous', read: readWorkerConfig, variables: [...WORKER_VARIABLES, ...OF_TEMPORAL] },
  { service: 'migrate', read: readMigrateConfig, variables: MIGRATE_VARIABLES },
];

describe('docker-compose.temporal.yml', () => {
  it('is a Compose file by the specification', () => {
    const schema = JSON.parse(readFileSync(new URL('compose-spec/compose-spec.json', import.meta.url), 'utf8')) as object;
    const validate = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    validate(rawCompose);
    expect(validate.errors).toBeNull();
    expect(validate({ services: { api: { imag: 'a slip' } } })).toBe(false);
  });

  it.each(PROCESSES)(
    'gives $service all that it needs in production, and nothing that it does not read',
    ({ service, read, variables }) => {
      const env = environmentOf(file, service);
      expect(read(env)).toMatchObject({ CLANCY_MODE: 'production' });
      expect(Object.keys(env).filter((name) => !variables.includes(name))).toEqual([]);
    },
  );

  it.each(['api', 'worker', 'temporal-namespace', 'deploy'])('leads %s to the Temporal that it starts', (service) => {
    expect(environmentOf(file, service)).toMatchObject({ TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_NAMESPACE: 'clancy' });
  });

  it('has no default for any secret, and a name for every one that is missing', () => {
    const defaults = interpolations.filter(({ fallback }) => fallback !== '').map(({ name }) => name);
    expect(new Set(defaults)).toEqual(new Set([...WITH_DEFAULT, 'TEMPORAL_UI_URL', 'TEMPORAL_UI_SIGN_IN', 'TEMPORAL_UI_SCOPES']));
    const required = new Set(interpolations.filter(({ isRequired }) => isRequired).map(({ name }) => name));
    expect(required).toEqual(new Set(Object.keys({ ...FROM_OTHERS, ...SECRETS })));
    expect(() => composeWith({ ...FROM_OTHERS, ...SECRETS, POSTGRES_PASSWORD: '' })).toThrow('POSTGRES_PASSWORD is required');
  });

  it('gives the Web UI what the one of our tests is given, of the same version', () => {
    const tried = Object.keys(uiEnvironment(SIGNED_IN, 'http://127.0.0.1:8233')).filter((name) => name.startsWith('TEMPORAL_'));
    const given = environmentOf(composeWith({ ...FROM_OTHERS, ...SECRETS, TEMPORAL_UI_SIGN_IN: 'true' }), 'temporal-ui');
    expect(tried.filter((name) => given[name] === undefined)).toEqual(['TEMPORAL_UI_PORT']);
    expect(given).toMatchObject({
      TEMPORAL_AUTH_ENABLED: 'true',
      TEMPORAL_AUTH_CALLBACK_URL: 'http://127.0.0.1:8233/auth/sso/callback',
      TEMPORAL_CODEC_PASS_ACCESS_TOKEN: 'true',
    });
    expect(environmentOf(file, 'temporal-ui')).toMatchObject({ TEMPORAL_AUTH_ENABLED: 'false', TEMPORAL_CODEC_ENDPOINT: '' });
    expect(file.services['temporal-ui']?.image).toBe(`temporalio/ui:${UI_VERSION.slice(1)}`);
  });

  it('publishes the door to the world, the Web UI to this machine, and nothing else', () => {
    const published = Object.entries(file.services).flatMap(([name, { ports }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual(['door 80:80', 'door 443:443', 'temporal-ui 127.0.0.1:8233:8080']);
  });

  it('leaves the databases, Temporal and the jobs no way out, and the worker and the door no way to a database', () => {
    const networksOf = (service: string) => file.services[service]?.networks ?? [];
    const closed = ['postgres', 'temporal', 'temporal-schema', 'temporal-namespace', 'deploy', 'migrate'];
    for (const service of closed) {
      expect(networksOf(service).every((network) => file.networks[network]?.internal)).toBe(true);
    }
    for (const service of ['worker', 'worker-previous', 'door', 'temporal-ui']) expect(networksOf(service)).not.toContain('data');
    expect(networksOf('door')).toEqual(['front']);
  });

  it('lets Prometheus ask our processes over a network without a way out, and leads nobody else there', () => {
    const asked = Object.entries(file.services).filter(([, { networks }]) => networks.includes('metrics'));
    expect(asked.map(([name]) => name)).toEqual(['api', 'connecthub', 'worker', 'worker-previous']);
    expect(file.networks['metrics']).toEqual({ internal: true });
    const door = readFileSync(new URL('../../deploy/Caddyfile', import.meta.url), 'utf8');
    for (const service of ['api', 'connecthub']) expect(door).not.toContain(String(environmentOf(file, service)['METRICS_PORT']));
    expect(door.match(/reverse_proxy .*/g)).toEqual(['reverse_proxy api:8080 {', 'reverse_proxy connecthub:8081 {']);
  });

  it('asks every process that serves how it does, and runs ours as nobody in particular on a file system they cannot write', () => {
    const served = ['api', 'connecthub', 'worker', 'worker-previous', 'temporal', 'postgres'];
    for (const service of served) expect(file.services[service]).toHaveProperty('healthcheck');
    for (const service of ['api', 'connecthub', 'worker', 'worker-previous', 'migrate', 'temporal-namespace', 'deploy']) {
      expect(file.services[service]).toMatchObject({ read_only: true, cap_drop: ['ALL'], init: true });
    }
    expect(readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')).toMatch(/^USER node$/m);
  });
});

describe('the door', () => {
  const routes = readFileSync(new URL('../../deploy/Caddyfile', import.meta.url), 'utf8').matchAll(/@public path (.*)/g);
  const opened = [...routes].flatMap(([, paths = '']) => paths.split(' '));

  it('opens nothing that is for our own processes', () => {
    expect(opened).toContain('/v1/*');
    expect(opened).toContain('/oauth/*');
    expect(opened).toContain('/hooks/*');
    for (const path of opened) expect(path).not.toMatch(/^\/(\*|internal|proxy|ready)/);
  });
});
