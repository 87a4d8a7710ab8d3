import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { createDatabase } from '../../dev/postgres/databases.ts';
import type { Child } from '../../dev/processes/spawn-child.ts';
import { exitOf } from '../faults/exit-of.ts';
import { post } from '../faults/one-skill.ts';
import { openSite } from '../faults/site.ts';
import type { TestStack } from '../stack/test-stack.ts';
import { composeWith, environmentOf, FROM_OTHERS, SECRETS } from './compose-file.ts';
import { stopUnderLoad } from './load.ts';
import { build, deploy, exitOfBuilt, nextRelease, startCopy, startStaging } from './staging.ts';

const MINUTES = 60_000;

let first: Awaited<ReturnType<typeof build>>;
let world: TestStack;
const children: Child[] = [];
beforeAll(async () => {
  first = await build();
  world = await startStaging(first);
}, 10 * MINUTES);
afterAll(async () => {
  for (const child of children) await child.stop();
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
  });

  test('does no run before a build is the current one, and all of them then', async () => {
    const site = await openSite(world);
    const run = await site.start({ nodes: [post('the first build')] });
    expect(await deploy(world.stack.temporal, first, 'status')).toBe(`${first.buildId}  inactive\n`);
    expect((await site.run(run)).finished_at).toBeNull();
    expect(await deploy(world.stack.temporal, first, 'current')).toBe(`new runs go to build ${first.buildId}\n`);
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect((await site.posts()).map(({ text }) => text)).toEqual(['the first build']);
    expect(await buildOf(run)).toBe(first.buildId);
  });

  test(
    'ends runs on the build that they began on, starts new ones on the next, and rolls back',
    async () => {
      const site = await openSite(world);
      const waiting = await site.start({ nodes: [post('asked on the first build')], effect: 'require_approval' });
      await site.untilWaitingOn(waiting, 'approval:');

      const next = await nextRelease(first);
      children.push((await startCopy(world, next, 'worker')).child);
      await deploy(world.stack.temporal, next, 'current');
      const states = await waitUntil(
        async () => {
          const text = await deploy(world.stack.temporal, next, 'status');
          return text.includes('draining') && text;
        },
        { timeoutMs: MINUTES, everyMs: 500, what: 'the first build to drain' },
      );
      expect(states.split('\n')).toEqual([
        `${next.buildId}  current  1 worker, 0 tasks wait`,
        `${first.buildId}  draining  1 worker, 0 tasks wait`,
        'agent-core  1 worker, 0 tasks wait',
        '',
      ]);
      const newer = await site.start({ nodes: [post('on the next build')] });
      expect(await site.untilEnded(newer)).toMatchObject({ status: 'completed' });
      expect(await buildOf(newer)).toBe(next.buildId);

      const { items } = await site.manager.approvals.list({ run_id: waiting, status: 'pending' });
      await site.manager.approvals.approve(items[0]!.approval_id);
      expect(await site.untilEnded(waiting)).toMatchObject({ status: 'completed' });
      expect(await buildOf(waiting)).toBe(first.buildId);
      expect(await buildOf(`${waiting}:skill:work`)).toBe(first.buildId);

      await deploy(world.stack.temporal, next, 'current', '--build', first.buildId);
      const after = await site.start({ nodes: [post('rolled back')] });
      expect(await site.untilEnded(after)).toMatchObject({ status: 'completed' });
      expect(await buildOf(after)).toBe(first.buildId);
    },
    4 * MINUTES,
  );

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

describe('a build that is told to end', () => {
  test.each(['api', 'connecthub'] as const)('%s fails no request that came before it said not ready', async (name) => {
    const { child, url } = await startCopy(world, first, name, { DRAIN_MS: '5000' });
    children.push(child);
    const authorization = `Bearer ${await world.newOrg().token('admin')}`;
    const path = name === 'api' ? '/v1/runs' : '/connections';
    const drained = await stopUnderLoad(child, url, () => fetch(`${url}${path}`, { headers: { authorization } }));
    expect(drained).toMatchObject({ failures: [], servesOn: true, exitCode: 0 });
    expect(drained.tookMs).toBeLessThan(30_000);
  });

  test(
    'a worker hands over what it has begun: its runs end on another copy, each effect once',
    async () => {
      const site = await openSite(world);
      const { child } = await startCopy(world, first, 'worker');
      children.push(child);
      const employee = await site.hire({ nodes: [post('one of ten')] });
      const runs = await Promise.all(Array.from({ length: 10 }, () => site.manager.runs.start(employee)));
      const began = performance.now();
      expect(await child.stop()).toMatchObject({ code: 0 });
      expect(performance.now() - began).toBeLessThan(30_000);
      for (const run of runs) expect(await site.untilEnded(run.run_id)).toMatchObject({ status: 'completed' });
      expect(await site.posts()).toHaveLength(runs.length);
    },
    3 * MINUTES,
  );
});

describe('a build in mode production', () => {
  const file = composeWith({ ...FROM_OTHERS, ...SECRETS });

  test.each([
    ['api', 'issuers', { COGNITO_JWKS_URL: 'http://127.0.0.1:1/jwks.json' }],
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

/** The build that Temporal has a workflow pinned to. */
async function buildOf(workflowId: string): Promise<string | null | undefined> {
  const { address, namespace } = world.stack.temporal;
  const connection = await Connection.connect({ address });
  try {
    const execution = { workflowId };
    const { workflowExecutionInfo } = await connection.workflowService.describeWorkflowExecution({ namespace, execution });
    return workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
  } finally {
    await connection.close();
  }
}
