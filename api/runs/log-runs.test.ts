import { expect, test } from 'vitest';
import { logRuns } from './log-runs.ts';

test('a run is said to be accepted and to have ended, and nothing else is', () => {
  const said: unknown[] = [];
  const entry = (action: string, details = {}, allowed = true) => ({
    action,
    objectType: 'run',
    objectId: 'emp:1',
    allowed,
    details,
  });
  logRuns({ info: (details: object, message?: string) => void said.push([details, message]) })([
    entry('run.start', { trigger: 'schedule' }),
    entry('run.start', {}, false),
    entry('grant.add'),
    entry('run.close', { status: 'failed', error_code: 'timed_out', by: 'workflow' }),
  ]);
  expect(said).toEqual([
    [{ run_id: 'emp:1', trigger: 'schedule' }, 'a run was accepted'],
    [{ run_id: 'emp:1', status: 'failed', error_code: 'timed_out', by: 'workflow' }, 'a run ended'],
  ]);
});
