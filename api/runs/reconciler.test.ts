import { expect, test } from 'vitest';
import { createLogger } from '../../platform/logger.ts';
import { createReconciler, type ReconcilerDeps } from './reconciler.ts';

test('a run or an approval that cannot be looked at does not keep the others from it', async () => {
  const seen: string[] = [];
  let end = (): void => undefined;
  const swept = new Promise<void>((resolve) => (end = resolve));
  const look = async ({ orgId }: { orgId: string }): Promise<never> => {
    seen.push(orgId);
    if (seen.includes('org_last')) end();
    throw new Error('this one cannot be read');
  };
  const db = {
    withOrg: look,
    withOrgRead: look,
    jobs: {
      expiredApprovals: async () => [
        { orgId: 'org_a', approvalId: 'one' },
        { orgId: 'org_b', approvalId: 'two' },
      ],
      // Nine runs are more than are looked at together.
      openRuns: async () => [
        ...Array.from({ length: 8 }, (_, i) => ({ orgId: `org_${i}`, runId: `run_${i}` })),
        { orgId: 'org_last', runId: 'run_last' },
      ],
    },
  };
  const engine = { describe: async () => undefined, outcome: async () => ({ result: null }) };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const reconciler = createReconciler({ db: db as unknown as ReconcilerDeps['db'], engine, logger, intervalMs: 60_000 });
  void reconciler.run();
  await swept;
  await reconciler.stop();
  expect(seen.slice(0, 2)).toEqual(['org_a', 'org_b']);
  expect(seen).toHaveLength(11);
});
