import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WORKER_VARIABLES } from '../../activities/agent-worker/config.ts';
import { API_VARIABLES } from '../../api/config.ts';
import { HUB_VARIABLES } from '../../connecthub/config.ts';
import { MIGRATE_VARIABLES } from '../../db/migrate-config.ts';
import { composeWith, environmentOf, FROM_OTHERS, SECRETS } from './compose-file.ts';

const file = composeWith({ ...FROM_OTHERS, ...SECRETS });
const given = (service: string): string[] => Object.keys(environmentOf(file, service)).toSorted();
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What our processes read and an installation of this file leaves out, each for its reason. */
const LEFT_OUT = new Set([
  // Development parts, which production refuses.
  'COGNITO_JWKS_URL',
  'COGNITO_ADMIN_ENDPOINT',
  'ALLOW_LOOPBACK',
  'PROVIDER_LIMITS_FACTOR',
  // Instead of CLERK_SECRET_KEY, which this file demands.
  'CLERK_JWT_KEY',
  // On anyway.
  'PAYLOAD_ENCRYPTION',
  // A build brings its own.
  'WORKFLOW_BUNDLE_PATH',
  // The default fits the door and `stop_grace_period`.
  'DRAIN_MS',
]);
/** Where the sandbox plays a provider: refused too. */
const IS_SANDBOX = /^(?!MODEL_)[A-Z]+_BASE_URL$/;

describe('the variables of docker-compose.temporal.yml', () => {
  it.each([
    // AWS's own SDK reads its two.
    { service: 'api', variables: [...API_VARIABLES, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] },
    { service: 'connecthub', variables: HUB_VARIABLES },
    { service: 'worker', variables: WORKER_VARIABLES },
    { service: 'worker-previous', variables: WORKER_VARIABLES },
    { service: 'migrate', variables: MIGRATE_VARIABLES },
  ])('are all that $service reads, but for those that an installation has no use for', ({ service, variables }) => {
    const missing = variables.filter((name) => !given(service).includes(name) && !LEFT_OUT.has(name) && !IS_SANDBOX.test(name));
    expect(missing).toEqual([]);
  });

  it('are what the door puts into its Caddyfile', () => {
    const asked = [...read('deploy/Caddyfile').matchAll(/\{\$([A-Z_]+)\}/g)].map(([, name = '']) => name);
    expect(given('door')).toEqual([...new Set(asked)].toSorted());
  });

  it('are what the schema job asks for without a default, and the password that its tool reads', () => {
    const script = read('deploy/temporal/schema.sh').replaceAll(/^#.*$/gm, '');
    expect(given('temporal-schema')).toEqual([...new Set([...namesIn(script), 'SQL_PASSWORD'])].toSorted());
  });

  it('are what PostgreSQL is made with: by its image, and by our script', () => {
    const ofImage = ['POSTGRES_DB', 'POSTGRES_PASSWORD', 'POSTGRES_USER'];
    const asked = namesIn(read('deploy/postgres/temporal.sh'));
    expect(asked.filter((name) => !ofImage.includes(name))).toEqual(['TEMPORAL_DB_PASSWORD']);
    // POSTGRES_USER is `postgres` unless it is set.
    expect(given('postgres')).toEqual(['POSTGRES_DB', 'POSTGRES_PASSWORD', 'TEMPORAL_DB_PASSWORD']);
  });

  it("are names of Temporal's own, for its server and its Web UI", () => {
    // Each stands in common/config/config_template_embedded.yaml of temporalio/temporal, or is its server's own.
    const ofServer =
      'BIND_ON_IP DB DBNAME DB_PORT DYNAMIC_CONFIG_FILE_PATH NUM_HISTORY_SHARDS POSTGRES_PWD POSTGRES_SEEDS POSTGRES_USER VISIBILITY_DBNAME';
    expect(given('temporal')).toEqual(ofServer.split(' '));
    expect(environmentOf(file, 'temporal')).toMatchObject({
      DB: 'postgres12',
      POSTGRES_SEEDS: 'postgres',
      POSTGRES_PWD: SECRETS['TEMPORAL_DB_PASSWORD'],
      BIND_ON_IP: '0.0.0.0',
      DYNAMIC_CONFIG_FILE_PATH: '/clancy/dynamic-config.yaml',
    });
    // config/docker.yaml of temporalio/ui-server 2.54.1.
    expect(environmentOf(file, 'temporal-ui')).toMatchObject({
      TEMPORAL_ADDRESS: 'temporal:7233',
      TEMPORAL_DEFAULT_NAMESPACE: 'clancy',
    });
  });
});

/** Variables that a script uses without a default. */
function namesIn(script: string): string[] {
  const assigned = new Set([...script.matchAll(/\b([A-Z_]+)=/g)].map(([, name]) => name));
  const used = [...script.matchAll(/\$\{?([A-Z_]+)\b(?!:-)/g)].flatMap(([, name]) => name ?? []);
  return used.filter((name) => !assigned.has(name));
}
