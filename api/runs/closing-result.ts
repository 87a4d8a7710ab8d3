import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ExecutionResult } from '../../contracts/events.ts';
import type { RunRow } from './find.ts';

/** The result of a run that could not record one itself: cancelled before its start, terminated, timed out, lost. */
export function closingResult(
  run: RunRow,
  end: { status: 'failed' | 'interrupted'; error: string; code?: ErrorCode },
  now: Date,
): ExecutionResult {
  return {
    event_id: randomUUID(),
    schema_version: 1,
    type: 'executionResult',
    org_id: run.orgId,
    employee_id: run.employeeId,
    execution_id: run.executionId,
    run_id: run.runId,
    timestamp: now.toISOString(),
    status: end.status,
    result: {},
    error: end.error,
    ...(end.code !== undefined && { error_code: end.code }),
    skills_executed: [],
    execution_time_ms: run.startedAt === null ? 0 : Math.max(0, now.getTime() - run.startedAt.getTime()),
    capabilities_used: [],
    hierarchical_events: [],
  };
}
