import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { approvalPage } from '../../api/approvals/list.ts';
import { approvalView } from '../../api/approvals/views.ts';
import { catalogueSchema } from '../../contracts/capability.ts';
import { grantList } from '../../api/employees/grants.ts';
import { createdEmployeeView, employeeView, versionView } from '../../api/employees/views.ts';
import { versionPage } from '../../api/employees/versions.ts';
import { factPage } from '../../api/facts/list-facts.ts';
import { insightsView } from '../../api/learning/views.ts';
import { auditPage, sealsPage } from '../../db/audit/list-audit.ts';
import { runPage } from '../../api/runs/list.ts';
import { runView } from '../../api/runs/views.ts';
import { connectionSchema } from '../../connecthub/connections/list.ts';
import { receiptSchema } from '../../connecthub/receipts/wire.ts';
import { agentEventSchema } from '../../contracts/events.ts';
import * as fixtures from './fixtures.ts';
import { GOOD_TOKEN } from './stub-route.ts';
import { startStub, type Stub } from './stub-service.ts';
import { endRun } from './stub-state.ts';

let stub: Stub;
beforeAll(async () => {
  stub = await startStub();
});
afterAll(async () => stub.close());

async function answerOf(path: string): Promise<unknown> {
  const response = await fetch(stub.url + path, { headers: { authorization: `Bearer ${GOOD_TOKEN}` } });
  return response.json();
}

const run = encodeURIComponent(fixtures.RUN_ID);
const contracts: [string, z.ZodType][] = [
  [`/v1/employees/${fixtures.EMPLOYEE_ID}`, employeeView],
  [`/v1/employees/${fixtures.EMPLOYEE_ID}/versions`, versionPage],
  [`/v1/employees/${fixtures.EMPLOYEE_ID}/versions/1`, versionView],
  [`/v1/employees/${fixtures.EMPLOYEE_ID}/grants`, grantList],
  [`/v1/runs/${run}`, runView],
  ['/v1/runs', runPage],
  [`/v1/approvals/${fixtures.APPROVAL_ID}`, approvalView],
  ['/v1/approvals?status=pending', approvalPage],
  ['/v1/facts', factPage],
  ['/v1/audit', auditPage],
  ['/v1/audit/seals', sealsPage],
  ['/v1/insights', insightsView],
  ['/capabilities', catalogueSchema],
  [`/receipts/${encodeURIComponent(fixtures.CALL_ID)}`, receiptSchema],
];

it.each(contracts)("answers %s as the service's own contract says", async (path, contract) => {
  expect(contract.safeParse(await answerOf(path)).error).toBeUndefined();
});

it("keeps what it has no route for to the services' contracts too", () => {
  endRun(stub.state, 'completed');
  const { definition, explanation, employee, versionSummary } = fixtures;
  const created = { ...employee, version: 1, definition, explanation, graph: versionSummary.links.graph };
  expect(createdEmployeeView.safeParse(created).error).toBeUndefined();
  const shown = { ...stub.state.run, waiting_since: null, trigger: fixtures.trigger, supervisor: null, trace_id: null };
  expect(runView.safeParse(shown).error).toBeUndefined();
  expect(connectionSchema.safeParse(fixtures.connection).error).toBeUndefined();
  for (const event of stub.state.events) expect(agentEventSchema.safeParse(event).error).toBeUndefined();
});

it('refuses a route that it does not know, and fails at its end', async () => {
  const asked = await startStub();
  const response = await fetch(`${asked.url}/v1/teapots`);
  expect(response.status).toBe(501);
  await expect(asked.close()).rejects.toThrow('GET /v1/teapots');
});
