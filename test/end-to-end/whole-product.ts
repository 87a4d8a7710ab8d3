import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ApprovalAnswer } from '../../cli/client/answers/approvals.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import { killWorkerAt } from '../../dev/demo/kill-worker.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import type { TestOrg, TestStack } from '../stack/test-stack.ts';
import { untilAsked, untilEnded, untilWaitingOn } from '../until.ts';
import { openJudge, type Judge } from './judge.ts';
import { watchUntil, watchUntilEnd } from './watch.ts';

const JOB = new URL('../../examples/receivables-assistant.md', import.meta.url);
const DUTIES = ['overdue_invoices', 'remind_customers', 'overdue_summary'];

const HILLSIDE = 'accounts@hillside.example';
const MARSH = 'office@marshandsons.example';
const FERNHOLLOW = 'bills@fernhollow.example';
const CUSTOMERS = [HILLSIDE, MARSH, FERNHOLLOW].toSorted();

const quiet = { heading: () => undefined, line: () => undefined };
const recipientOf = ({ call }: ApprovalAnswer): string => {
  const to = call?.parameters['to'];
  return typeof to === 'string' ? to : '';
};
const about = (approvals: readonly ApprovalAnswer[], recipient: string): ApprovalAnswer => {
  const found = approvals.find((approval) => recipientOf(approval) === recipient);
  if (!found) throw new Error(`nobody was asked about ${recipient}`);
  return found;
};

const eventually = <T>(what: string, isSo: () => Promise<T>) => waitUntil(isSo, { timeoutMs: 55_000, everyMs: 200, what });

/**
 * The product's story, on whatever runs it: from sources or a build, on embedded parts or on those of an installation. The
 * sandbox is the judge of what was really done. Its tests go on from each other.
 */
export function tellsTheWholeStory(world: () => TestStack): void {
  // A worker that is killed takes half a minute to be back on a busy machine.
  describe('the whole product', { timeout: 180_000 }, () => {
    let org: TestOrg;
    /** Hires and starts. */
    let manager: ClancyClient;
    /** Is asked. */
    let katrin: ClancyClient;
    let judge: Judge;
    let employee: string;
    let firstRun: string;
    beforeAll(() => {
      org = world().newOrg();
      manager = org.as('admin');
      katrin = org.as('approver');
    });

    test('hires out of a job description, connects its providers through their consent pages, and activates', async () => {
      const description = { jobDescription: await readFile(JOB, 'utf8') };
      const key = randomUUID();
      const draft = await manager.employees.create(description, key);
      expect(await manager.employees.create(description, key)).toMatchObject({ employee_id: draft.employee_id });
      expect(draft).toMatchObject({ status: 'draft', version: 1 });
      expect(draft.explanation.understood.map(({ skill }) => skill)).toEqual(DUTIES);
      const missing = draft.explanation.missing_connections.map(({ provider }) => provider);
      expect(missing.toSorted()).toEqual(['gmail', 'quickbooks', 'slack']);

      employee = draft.employee_id;
      judge = openJudge(world().sandbox, await org.connectAll(draft.definition.capabilities));
      const active = await manager.employees.activate(employee);
      expect(active).toMatchObject({ status: 'active', active_version: 1 });
      expect(active.schedules).toMatchObject([{ cron: '0 9 * * 1-5', timezone: 'Europe/Berlin' }]);
    });

    test('asks before it writes, and makes each effect once although its worker is killed in the middle of one', async () => {
      const key = randomUUID();
      const { run_id: run, execution_id: execution } = await manager.runs.start(employee, {}, key);
      expect(await manager.runs.start(employee, {}, key)).toMatchObject({ run_id: run, execution_id: execution });
      firstRun = run;
      const questions = (events: readonly { kind: string }[]) =>
        events.filter(({ kind }) => kind === 'approval.requested').length;
      const before = await watchUntil(manager, run, (events) => questions(events) === CUSTOMERS.length);
      const following = watchUntilEnd(manager, run, before.lastEventId);

      const asked = await untilAsked(katrin, run, CUSTOMERS.length);
      expect(asked.map(recipientOf).toSorted()).toEqual(CUSTOMERS);
      expect(await judge.mails()).toEqual([]);
      const { stack, sandbox } = world();
      const killing = killWorkerAt({
        stack,
        sandbox,
        team: judge.accounts.gmail,
        method: 'messages.send',
        title: 'an email is sent',
        terminal: quiet,
      });
      const marsh = about(asked, MARSH);
      await katrin.approvals.reject(about(asked, FERNHOLLOW).approval_id, 'I ring them myself.');
      await katrin.approvals.approve(about(asked, HILLSIDE).approval_id);
      const edited = { ...marsh.call?.parameters, body: 'Dear Marshes, was it lost in the post?' };
      await katrin.approvals.approve(marsh.approval_id, 'friendlier', edited);
      await killing;

      const after = await following;
      const ended = await manager.runs.end(run);
      expect(ended).toMatchObject({ status: 'completed', execution_id: execution, waiting_on: [], error_code: null });
      const all = await watchUntilEnd(manager, run);
      const idsOf = (events: { event_id: string }[]) => events.map(({ event_id: id }) => id).toSorted();
      expect(idsOf([...before.events, ...after.events])).toEqual(idsOf(all.events));
      expect(await judge.mails()).toMatchObject([
        { to: [HILLSIDE], subject: expect.stringContaining('invoice 1042'), text: expect.stringContaining('4,200.00 USD') },
        { to: [MARSH], subject: expect.stringContaining('invoice 1043'), text: edited.body },
      ]);
      expect(await judge.posts()).toMatchObject([{ text: expect.stringContaining('3 invoices are overdue, 12,040.00 USD') }]);
      expect(await judge.effects()).toHaveLength(3);
    });

    test('leaves a result and receipts that say what was done, on whose word', async () => {
      const { result } = await manager.runs.get(firstRun);
      expect(result).toMatchObject({
        status: 'completed',
        skills_executed: DUTIES,
        capabilities_used: ['invoice.list', 'email.send', 'slack.post'],
        result: {
          overdue_invoices: { count: 3 },
          remind_customers: { reminded: 2, not_sent: [{ reason: expect.stringContaining('I ring them myself.') }] },
        },
      });
      expect(result?.hierarchical_events.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
      const receipts = (await manager.receipts.list({ run_id: firstRun })).items;
      const approvals = (await katrin.approvals.list({ run_id: firstRun })).items;
      expect(receipts.map(({ capability, outcome }) => `${capability} ${outcome}`).toSorted()).toEqual([
        'gmail/email.send succeeded',
        'gmail/email.send succeeded',
        'quickbooks/invoice.list succeeded',
        'slack/slack.post succeeded',
      ]);
      const mails = await judge.mails();
      for (const recipient of [HILLSIDE, MARSH]) {
        const approval = about(approvals, recipient);
        const receipt = receipts.find(({ approval_id: id }) => id === approval.approval_id);
        const mail = mails.find(({ to }) => to.includes(recipient));
        expect(receipt).toMatchObject({ provider_effect_id: mail?.id, digest: approval.call?.digest });
        expect(receipt?.edited_by ?? null).toBe(recipient === MARSH ? approval.decided_by : null);
      }
    });

    test('runs by its schedule, begins nothing while it is paused, and a retry makes only what is missing', async () => {
      const { sandbox } = world();
      const refusal = { team: judge.accounts.slack, method: 'chat.postMessage', times: 100 };
      // Slack asks for patience until the emails are out: a run fails with the first of its duties.
      await sandbox.inject({ ...refusal, kind: 'status', status: 429, retry_after: 1 });
      const [schedule] = (await manager.schedules.list({ employee_id: employee })).items;
      await manager.schedules.trigger(schedule!.schedule_id);
      const startedRun = async () => (await manager.schedules.get(schedule!.schedule_id)).recent[0]?.run_id ?? undefined;
      const run = await eventually('the schedule to start a run', startedRun);
      const asked = await untilAsked(katrin, run, CUSTOMERS.length);

      const pause = async () => {
        await manager.runs.pause(run, 'a moment');
        await untilWaitingOn(manager, run, 'paused');
      };
      await pause();
      const yes = asked.map(({ approval_id }) => ({ approval_id, decision: 'approved' as const }));
      await katrin.approvals.decide(yes, randomUUID());
      const isAsking = async () => (await manager.runs.get(run)).waiting_on.some((word) => word.startsWith('approval:'));
      await eventually('the answers to arrive', async () => !(await isAsking()));
      expect(await judge.mails()).toHaveLength(2);
      await manager.runs.resume(run);
      await eventually('the approved emails', async () => (await judge.mails()).length === 5);

      await pause();
      await sandbox.clearFaults(refusal.team);
      await sandbox.inject({ ...refusal, kind: 'error', error: 'not_in_channel' });
      await manager.runs.resume(run);
      const failed = await untilEnded(manager, run);
      expect(failed).toMatchObject({ status: 'failed', error_code: 'provider_refused', trigger: { type: 'schedule' } });
      expect(await judge.posts()).toHaveLength(1);

      await sandbox.clearFaults(refusal.team);
      const { run_id: retry } = await manager.runs.retry(run);
      expect(retry).toBe(`${run}~r1`);
      expect(await untilEnded(manager, retry)).toMatchObject({ status: 'completed' });
      expect(await judge.mails()).toHaveLength(5);
      expect(await judge.posts()).toHaveLength(2);
    });

    test('sends no email that nobody approved before its run was cancelled or terminated', async () => {
      const runs = await Promise.all([0, 1].map(async () => (await manager.runs.start(employee)).run_id));
      await Promise.all(runs.map((run) => untilAsked(katrin, run, CUSTOMERS.length)));
      await eventually('both summaries', async () => (await judge.posts()).length === 4);
      const [cancelled = '', terminated = ''] = runs;
      await manager.runs.cancel(cancelled, 'enough');
      await manager.runs.terminate(terminated, 'at once');
      for (const run of runs) expect(await untilEnded(manager, run)).toMatchObject({ status: 'interrupted' });
      for (const run of runs) expect((await katrin.approvals.list({ run_id: run, status: 'pending' })).items).toEqual([]);
      expect(await judge.mails()).toHaveLength(5);
      expect(await judge.posts()).toHaveLength(4);
    });

    test('shows none of it to another organisation', async () => {
      const stranger = world().newOrg().as('admin');
      const refused = { problem: { status: 404, code: 'not_found' } };
      await expect(stranger.employees.get(employee)).rejects.toMatchObject(refused);
      await expect(stranger.runs.get(firstRun)).rejects.toMatchObject(refused);
      expect((await stranger.receipts.list({ run_id: firstRun })).items).toEqual([]);
      expect((await stranger.approvals.list({ run_id: firstRun })).items).toEqual([]);
    });
  });
}
