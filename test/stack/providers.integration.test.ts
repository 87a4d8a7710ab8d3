import { afterAll, beforeAll, expect, it } from 'vitest';
import { employeeDefinitionSchema, type EmployeeDefinition } from '../../contracts/employee-graph.ts';
import { hireWith } from './hire.ts';
import { startTestStack, type TestStack } from './test-stack.ts';

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack();
}, 180_000);
afterAll(() => world.close());

const CAPABILITIES = ['gmail/email.search', 'gmail/email.reply', 'quickbooks/customer.list', 'slack/slack.post'];
const rule = (capability: string) => ({
  capability,
  effect: 'allow',
  approvers: [],
  timeout_seconds: 3600,
  on_timeout: 'reject',
  reason: 'The test allows it.',
});
const call = (id: string, capability: string, parameters: object) => ({ id, kind: 'capability', capability, parameters });

/** Answers the newest mail of a customer and says so in Slack. */
const answering = (graphId: string): EmployeeDefinition =>
  employeeDefinitionSchema.parse({
    graph: {
      graph_id: graphId,
      type: 'employee',
      nodes: [
        {
          id: 'answer',
          type: 'skill',
          skill_graph: 'sg_answer_v1',
          title: 'Answer',
          permissions: ['email.read', 'email.write', 'customer.read', 'slack.write'],
          input: {},
        },
      ],
      edges: [],
    },
    skill_graphs: {
      sg_answer_v1: {
        id: 'sg_answer_v1',
        title: 'Answer',
        input: {},
        max_steps: 20,
        nodes: [
          call('customer', 'quickbooks/customer.list', { limit: 1 }),
          call('find', 'gmail/email.search', { query: 'from:rosa@harbourcafe.example', limit: 1 }),
          call('reply', 'gmail/email.reply', {
            id: '=nodes.find.emails[0].id',
            to: '=nodes.find.emails[0].from',
            body: 'Thank you.',
          }),
          call('tell', 'slack/slack.post', { channel: '#billing', text: '="Answered " & nodes.find.emails[0].subject' }),
        ],
        edges: [
          { from: 'customer', to: 'find' },
          { from: 'find', to: 'reply' },
          { from: 'reply', to: 'tell' },
        ],
      },
    },
    policy: [rule('gmail/email.reply'), rule('slack/slack.post')],
    capabilities: CAPABILITIES,
  });

it('runs an employee over all three providers, each connected through its own consent', async () => {
  const org = world.newOrg();
  const client = org.as('admin');
  const teams = await org.connectAll(CAPABILITIES);
  const employee = await hireWith(client, world.stack.databases.owner, answering);
  const run = await client.runs.start(employee);
  expect(await client.runs.end(run.run_id)).toMatchObject({ status: 'completed' });
  expect(await world.sandbox.gmail.effects(teams.gmail ?? '')).toMatchObject([
    { method: 'messages.send', to: ['rosa@harbourcafe.example'], subject: 'Re: Invoice 1041', text: 'Thank you.' },
  ]);
  const posts = (await world.sandbox.effects(teams.slack ?? '')).filter(({ method }) => method === 'chat.postMessage');
  expect(posts).toMatchObject([{ text: 'Answered Re: Invoice 1041' }]);
}, 180_000);
