import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EffectAnswer, RehearsalAnswer } from '../../cli/client/answers/rehearsals.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import { withClient } from '../../dev/postgres/databases.ts';
import { openJudge, type Judge } from '../end-to-end/judge.ts';
import type { TestOrg, TestStack } from '../stack/test-stack.ts';
import { untilAsked, untilEnded } from '../until.ts';

const JOB = new URL('../../examples/receivables-assistant.md', import.meta.url);
/** What the sandbox logs for requests that change something at these providers. */
const WRITES = new Set(['messages.send', 'chat.postMessage', 'invoice.create', 'invoice.update', 'reactions.add']);

const of = (effects: readonly EffectAnswer[], capability: string) => effects.filter((one) => one.capability === capability);
const recipientOf = ({ parameters: { to } }: { parameters: { [name: string]: unknown } }) => (typeof to === 'string' ? to : '');
const byRecipient = (one: { parameters: { [name: string]: unknown } }, other: typeof one) =>
  recipientOf(one).localeCompare(recipientOf(other));

/** Its tests go on from each other. */
export function rehearses(world: () => TestStack): void {
  describe('a rehearsal', { timeout: 120_000 }, () => {
    let org: TestOrg;
    let manager: ClancyClient;
    let judge: Judge;
    let employee: string;
    let first: RehearsalAnswer;
    let liveRun: string;

    const ended = async (run: string, baseline?: string | null): Promise<RehearsalAnswer> => {
      await untilEnded(manager, run);
      if (baseline != null) await untilEnded(manager, baseline);
      return manager.rehearsals.get(run);
    };
    const writesAt = async (accounts: readonly string[]) => {
      const requests = (await Promise.all(accounts.map((account) => world().sandbox.requests(account)))).flat();
      return requests.filter(({ method }) => WRITES.has(method));
    };
    const rowsOf = (query: string) =>
      withClient(world().stack.databases.owner, async (owner) => (await owner.query(query, [org.orgId])).rows);

    beforeAll(async () => {
      org = world().newOrg();
      manager = org.as('admin');
      const draft = await manager.employees.create({ jobDescription: await readFile(JOB, 'utf8') });
      employee = draft.employee_id;
      judge = openJudge(world().sandbox, await org.connectAll(draft.definition.capabilities));
    });

    test('of a draft lists each effect, and the sandbox has seen none', async () => {
      const { run_id: run, baseline_run_id: baseline } = await manager.rehearsals.start(employee, 1, { input: {} });
      expect(baseline).toBeNull();
      first = await ended(run);
      expect(first).toMatchObject({ status: 'completed', version: 1, reads: { live: 1, recorded: 0, refused: 0 } });
      expect(first.effects.map(({ capability }) => capability).toSorted()).toEqual([
        'gmail/email.send',
        'gmail/email.send',
        'gmail/email.send',
        'slack/slack.post',
      ]);
      for (const mail of of(first.effects, 'gmail/email.send')) {
        expect(mail).toMatchObject({ would_ask: { answer: 'approve' }, refused: null });
      }
      expect(first.comparison?.added).toHaveLength(4);
      expect(await judge.effects()).toEqual([]);
      expect(await writesAt(Object.values(judge.accounts))).toEqual([]);
    });

    test('asks nobody, tells of nothing, uses no budget, grants nothing, and is never taken for a run that was real', async () => {
      expect((await org.as('approver').approvals.list({})).items).toEqual([]);
      expect(await manager.employees.get(employee)).toMatchObject({ status: 'draft', active_version: null });
      expect((await manager.grants.list(employee)).items).toEqual([]);
      expect(
        await rowsOf(`select 1 from core.facts where org_id = $1 and kind not in ('GraphDefined', 'ConnectionChanged')`),
      ).toEqual([]);
      expect(await rowsOf('select 1 from hub.budget_use where org_id = $1')).toEqual([]);
      expect(await rowsOf(`select 1 from hub.call_keys where org_id = $1 and risk <> 'read'`)).toEqual([]);
      const receipts = (await manager.receipts.list({ run_id: first.run_id })).items;
      expect(receipts).toMatchObject([{ capability: 'quickbooks/invoice.list', mode: 'rehearsal' }]);
      expect((await manager.runs.list({})).items).toEqual([]);
      expect((await manager.runs.list({ mode: 'rehearsal' })).items).toMatchObject([{ run_id: first.run_id, mode: 'rehearsal' }]);
      const refused = { problem: { code: 'conflict' } };
      await expect(manager.runs.runAgain(first.run_id)).rejects.toMatchObject(refused);
      await expect(manager.runs.retry(first.run_id)).rejects.toMatchObject(refused);
    });

    test('names exactly what the real run then does', async () => {
      await manager.employees.activate(employee, { schedules: 'off', subscriptions: 'off' });
      liveRun = (await manager.runs.start(employee)).run_id;
      const katrin = org.as('approver');
      const asked = await untilAsked(katrin, liveRun, 3);
      const calls = asked.map(({ call }) => ({ parameters: call?.parameters ?? {} })).toSorted(byRecipient);
      const rehearsed = of(first.effects, 'gmail/email.send').toSorted(byRecipient);
      expect(rehearsed.map(({ parameters }) => parameters)).toEqual(calls.map(({ parameters }) => parameters));
      await katrin.approvals.decide(
        asked.map(({ approval_id }) => ({ approval_id, decision: 'approved' as const })),
        liveRun,
      );
      expect(await untilEnded(manager, liveRun)).toMatchObject({ status: 'completed', mode: 'live' });
      const [post] = of(first.effects, 'slack/slack.post');
      expect(await judge.posts()).toMatchObject([{ text: post?.parameters['text'] }]);
      expect(await judge.effects()).toHaveLength(4);
    });

    test('of another version takes the input and the reads of a real run, and is compared with what is active', async () => {
      const before = (await writesAt(Object.values(judge.accounts))).length;
      const job = (await readFile(JOB, 'utf8')).replaceAll('#finance', '#general');
      expect(await manager.employees.revise(employee, { jobDescription: job })).toMatchObject({ version: 2 });
      const accepted = await manager.rehearsals.start(employee, 2, {
        fromRun: liveRun,
        approvals: { capabilities: { 'gmail/email.send': 'reject' } },
      });
      const shown = await ended(accepted.run_id, accepted.baseline_run_id);
      expect(shown).toMatchObject({
        status: 'completed',
        version: 2,
        from_run: liveRun,
        baseline: { version: 1 },
        reads: { recorded: 1, live: 0 },
        comparison: { same: 3, added: [{ capability: 'slack/slack.post' }], removed: [{ capability: 'slack/slack.post' }] },
      });
      expect(shown.comparison?.sentences).toEqual([
        'Would also use slack/slack.post (#general).',
        'Would no longer use slack/slack.post (#finance).',
      ]);
      for (const mail of of(shown.effects, 'gmail/email.send')) {
        expect(mail).toMatchObject({ would_ask: { answer: 'reject' }, refused: { code: 'policy_denied' } });
      }
      // The result of a post has the form of the real one's.
      expect(of(shown.effects, 'slack/slack.post')).toMatchObject([{ answered_by: 'receipt' }]);
      expect(await writesAt(Object.values(judge.accounts))).toHaveLength(before);
      expect(await manager.employees.get(employee)).toMatchObject({ active_version: 1 });
    });

    test('is not for whoever may not put a version to work, nor for another organisation', async () => {
      const refused = (code: string) => ({ problem: { code } });
      await expect(org.as('builder').rehearsals.start(employee, 1, { input: {} })).rejects.toMatchObject(refused('forbidden'));
      const stranger = world().newOrg().as('admin');
      await expect(stranger.rehearsals.start(employee, 1, { input: {} })).rejects.toMatchObject(refused('not_found'));
      await expect(stranger.rehearsals.get(first.run_id)).rejects.toMatchObject(refused('not_found'));
      await expect(manager.rehearsals.get(liveRun)).rejects.toMatchObject(refused('not_found'));
      await expect(manager.rehearsals.start(employee, 1, { fromRun: first.run_id })).rejects.toMatchObject(
        refused('invalid_request'),
      );
    });
  });
}
