import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listeningUrl } from '../../dev/stack/child-service.ts';
import type { Environment } from '../../dev/stack/environment.ts';
import { createDatabase } from '../../dev/postgres/databases.ts';
import { exitOf } from '../faults/exit-of.ts';
import { post } from '../faults/one-skill.ts';
import { openSite } from '../faults/site.ts';
import type { TestStack } from '../stack/test-stack.ts';
import { untilAsked } from '../until.ts';
import { buildOf, keepsRunsOnTheirBuild } from './builds.ts';
import { composeWith, environmentOf, FROM_OTHERS, SECRETS } from './compose-file.ts';
import { build, deploy, exitOfBuilt, startStaging } from './staging.ts';

const MINUTES = 60_000;

let first: Awaited<ReturnType<typeof build>>;
let world: TestStack;
beforeAll(async () => {
  first = await build();
  world = await startStaging(first);
}, 10 * MINUTES);
afterAll(async () => {
  await world?.close();
  await first?.remove();
}, 2 * MINUTES);

describe('a build in mode staging', () => {
  test('shows its mode and its waivers', async () => {
    const { urls } = world.stack;
    const api = await (await fetch(`${urls.api}/health`)).json();
    expect(api).toMatchObject({ mode: 'staging', waivers: ['issuers'] });
    const { waivers } = (await (await fetch(`${urls.connecthub}/health`)).json()) as { waivers: string[] };
    expect(waivers.toSorted()).toEqual(['issuers', 'loopback', 'sandbox']);
    const worker = listeningUrl(await readFile(world.stack.processes.worker.logFile, 'utf8'));
    expect(await (await fetch(`${worker}/health`)).json()).toMatchObject({ mode: 'staging', waivers: ['issuers'] });
  });

  test('does no run before a build is the current one, and all of them then', async () => {
    const site = await openSite(world);
    const run = await site.start({ nodes: [post('the first build')] });
    expect(await deploy(world.stack.temporal, first, 'status')).toMatch(`${first.buildId}  inactive  1 worker, `);
    expect((await site.run(run)).finished_at).toBeNull();
    expect(await deploy(world.stack.temporal, first, 'current')).toBe(`new runs go to build ${first.buildId}\n`);
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect((await site.posts()).map(({ text }) => text)).toEqual(['the first build']);
    expect(await buildOf(world.stack.temporal, run)).toBe(first.buildId);
  });

  test('migrates an empty database', async () => {
    const { keys, postgres } = world.stack;
    const env = {
      DATABASE_URL: await createDatabase(postgres.url, 'empty'),
      CORE_DB_PASSWORD: keys.coreDbPassword,
      HUB_DB_PASSWORD: keys.hubDbPassword,
      ORG_CONTEXT_KEY: keys.orgContextKey,
    };
    expect(await exitOfBuilt(first, 'migrate', env)).toEqual({ code: 0, said: 'The database is up to date.\n' });
  });

  test('gives an organisation new keys, by which runs that wait go on', async () => {
    const site = await openSite(world);
    const run = await site.start({ nodes: [post('under two keys')], effect: 'require_approval' });
    await site.untilWaitingOn(run, 'approval:');
    const { api, connecthub } = world.stack.environments;
    const owners = [
      { name: 'Agent-Core', env: api },
      { name: 'ConnectHub', env: connecthub },
    ];
    const rotating = ['keys', 'rotate', '--org', site.org.orgId, '--json'];
    const rotated = await Promise.all(owners.map(({ env }) => exitOfBuilt(first, 'clancy', keysOf(env), ...rotating)));
    for (const [at, { name: service }] of owners.entries()) {
      expect(rotated[at]?.code).toBe(0);
      expect(JSON.parse(rotated[at]?.said ?? '')).toMatchObject({ service, retired: [expect.any(String)], unreadable: [] });
    }
    const [question] = await untilAsked(site.manager, run, 1);
    await site.manager.approvals.approve(question!.approval_id);
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect((await site.posts()).map(({ text }) => text)).toEqual(['under two keys']);
  });

  test('says how its deploy step is used', async () => {
    expect(await exitOfBuilt(first, 'deploy', {})).toEqual({
      code: 2,
      said: expect.stringMatching(/^Usage:[^]*current[^]*status/),
    });
  });

  test('is not made current while no worker of it is up', async () => {
    const none = deploy(world.stack.temporal, first, 'current', '--build', 'never-built', '--wait', '1');
    await expect(none).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('a worker of build never-built') });
  });
});

keepsRunsOnTheirBuild(() => ({ world, release: first }));

describe('a build in mode production', () => {
  const file = composeWith({ ...FROM_OTHERS, ...SECRETS });

  test.each([
    ['api', 'issuers', { COGNITO_JWKS_URL: 'http://127.0.0.1:1/jwks.json' }],
    ['connecthub', 'issuers', { COGNITO_JWKS_URL: 'http://127.0.0.1:1/jwks.json' }],
    ['connecthub', 'sandbox', { SLACK_BASE_URL: 'http://127.0.0.1:1/slack' }],
    ['connecthub', 'loopback', { ALLOW_LOOPBACK: '1' }],
    ['worker', 'issuers', { COGNITO_TOKEN_URL: 'http://127.0.0.1:1/oauth2/token' }],
  ])('%s does not start with the waiver %s, which it names, and nothing else', async (name, waiver, part) => {
    const { code, said } = await exitOfBuilt(first, name, { ...environmentOf(file, name), ...part });
    const [variable] = Object.keys(part);
    expect(said).toBe(`${name} cannot start:\n  - ${variable}: a development part (${waiver}), refused in production mode\n`);
    expect(code).toBe(1);
  });

  test.each(['api', 'connecthub'])('%s gets as far as its database without one', async (name) => {
    const { said } = await exitOfBuilt(first, name, environmentOf(file, name));
    expect(said).toMatch(/^PostgreSQL does not answer at postgres:5432\/clancy/m);
  });

  test('a worker does not start from the sources', async () => {
    const { code, said } = await exitOf('worker', environmentOf(file, 'worker'));
    expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(/CLANCY_MODE: these are the sources.*npm run build/) });
  });
});

/** What is needed of a service to change its keys. */
function keysOf(env: Environment): Environment {
  const names = ['DATABASE_URL', 'ORG_CONTEXT_KEY', 'KEY_ENCRYPTION_KEY'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.includes(name)));
}
