import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TriggerSummaryAnswer } from '../../cli/client/answers/triggers.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { startTestStack, type TestOrg, type TestStack } from '../stack/test-stack.ts';
import { untilEnded } from '../until.ts';

const JOB = 'When somebody posts a question in #support, react to it with :eyes:.';
const DANA = 'U0DANA0001';

let world: TestStack;
let org: TestOrg;
let team: string;
let employeeId: string;
const channels = new Map<string, string>();

beforeAll(async () => {
  world = await startTestStack();
  org = world.newOrg();
  team = await org.connectSlack();
  for (const { id, name } of (await world.sandbox.createTeam(team)).channels) channels.set(name, id);
  const manager = org.as('admin');
  employeeId = (await manager.employees.create({ jobDescription: JOB, name: 'Support clerk' })).employee_id;
  await manager.employees.activate(employeeId);
});
afterAll(() => world.close());

/** Somebody writes in Slack, and Slack tells ConnectHub; what became of it at Agent-Core. */
async function write(channel: string, text: string): Promise<TriggerSummaryAnswer> {
  const { ts, channel: id } = await world.sandbox.seedMessage(team, { channel: channels.get(channel) ?? '', user: DANA, text });
  const event = { team, event: { type: 'message', channel: id, user: DANA, text, ts } };
  await world.sandbox.deliver('slack', { url: `${world.stack.urls.connecthub}/hooks/slack`, event });
  return waitUntil(
    async () => {
      const { items } = await org.as('admin').triggers.list();
      for (const { trigger_id } of items) {
        const trigger = await org.as('admin').triggers.get(trigger_id);
        if (trigger.text === text) return trigger;
      }
      return undefined;
    },
    { timeoutMs: 30_000, everyMs: 300, what: `the trigger of "${text}"` },
  );
}
const reactions = async () => (await world.sandbox.effects(team)).filter(({ method }) => method === 'reactions.add');

it('a message in the channel of the job description starts the employee, and one elsewhere does not', async () => {
  const elsewhere = await write('general', 'Where is the key of bay 2?');
  expect(elsewhere).toMatchObject({ decision: 'unmatched', runs: [], reason: expect.stringContaining('Nobody is subscribed') });

  const asked = await write('support', 'Where is the invoice of March?');
  expect(asked).toMatchObject({ decision: 'started', rule: 'subscription', runs: [{ employee_id: employeeId }] });
  const runId = asked.runs[0]?.run_id ?? '';
  const run = await untilEnded(org.as('admin'), runId);
  expect(run).toMatchObject({ status: 'completed', trigger: { type: 'external_event' } });
  expect(run.supervisor?.reason).toContain('Support clerk is subscribed to slack.message with channel support');
  expect(await reactions()).toMatchObject([{ channel: channels.get('support'), reaction: 'eyes' }]);
  expect((await org.as('admin').runs.list()).items.map(({ run_id }) => run_id)).toEqual([runId]);
});

it('what a person asks for in words finds the employee too, and another organisation sees nothing of it', async () => {
  const sent = await org.as('admin').triggers.send({ text: 'React to the question in #support with eyes' });
  expect(sent).toMatchObject({ decision: 'started', runs: [{ employee_id: employeeId }] });
  expect(await untilEnded(org.as('admin'), sent.runs[0]?.run_id ?? '')).toMatchObject({ status: 'completed' });
  const stranger = world.newOrg().as('admin');
  expect((await stranger.triggers.list()).items).toEqual([]);
  await expect(stranger.triggers.get(sent.trigger_id)).rejects.toMatchObject({ problem: { status: 404 } });
});
