import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAgentCore, type StandInAgentCore } from '../testing/agent-core.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';
import { forwardEvents } from './forward.ts';

let harness: HubHarness;
let agentCore: StandInAgentCore;
let office: Office;
let hooks: string;
beforeAll(async () => {
  harness = await hubHarness();
  agentCore = await startAgentCore(harness.surroundings);
  hooks = `${await harness.hub.app.listen({ host: '127.0.0.1', port: 0 })}/hooks`;
}, 120_000);
afterAll(async () => {
  await agentCore.close();
  await harness.close();
});
beforeEach(async () => {
  office = await harness.office();
});
afterEach(() => agentCore.assertNothingWrong());

const deliver = (event: object) => harness.surroundings.sandbox.deliver('slack', { url: `${hooks}/slack`, event });
const forward = () => forwardEvents({ ...harness.hub.parts, agentCore: agentCore.client });
const message = (more: object = {}) => ({
  team: office.team,
  event: {
    type: 'message',
    channel: 'C0BILLING1',
    user: 'U0DANA0001',
    text: 'The invoice of Okafor is wrong',
    ts: '1749.0001',
    ...more,
  },
});

describe('what people do in Slack', () => {
  it('reaches Agent-Core as what they wrote, with nothing that anybody could act with', async () => {
    expect(await deliver(message({ thread_ts: '1748.0001' }))).toEqual([{ status: 200, body: '' }]);
    await forward();
    expect(agentCore.of(office.orgId)).toMatchObject([
      {
        source: 'webhook',
        provider: 'slack',
        connection_id: office.connectionId,
        type: 'slack.message',
        external_id: expect.stringMatching(/^Ev/),
        text: 'The invoice of Okafor is wrong',
        payload: { channel: 'C0BILLING1', user: 'U0DANA0001', ts: '1749.0001', thread_ts: '1748.0001' },
      },
    ]);
    expect(JSON.stringify(agentCore.of(office.orgId))).not.toContain('verification-token');
  });

  it('comes with the name of its channel, which is asked for once, and without it where it cannot be had', async () => {
    for (const ts of ['1749.0001', '1749.0002']) await deliver(message({ ts }));
    await deliver(message({ channel: 'C0NOWHERE1' }));
    await forward();
    expect(agentCore.of(office.orgId).map(({ payload }) => payload['channel_name'])).toEqual(['billing', 'billing', null]);
    const asked = (await harness.surroundings.sandbox.requests(office.team)).filter(
      ({ method }) => method === 'conversations.info',
    );
    expect(asked).toHaveLength(2);
  });

  it('comes as mentions, reactions, commands and interactions too', async () => {
    const { team } = office;
    await deliver({
      team,
      event: { type: 'app_mention', channel: 'C0BILLING1', user: 'U0DANA0001', text: '<@U0CLANCY01> help' },
    });
    const item = { type: 'message', channel: 'C0BILLING1', ts: '1.1' };
    await deliver({ team, event: { type: 'reaction_added', user: 'U0DANA0001', reaction: 'eyes', item } });
    const [answered] = await deliver({
      team,
      command: '/clancy',
      text: 'send the digest',
      user: 'U0DANA0001',
      channel: 'C0BILLING1',
    });
    expect(answered).toMatchObject({ status: 200, body: expect.stringContaining('ephemeral') });
    const actions = [{ type: 'button', action_id: 'approve', block_id: 'b', value: 'run-1' }];
    const pressed = await deliver({ team, interaction: { type: 'block_actions', user: { id: 'U0DANA0001' }, actions } });
    expect(pressed).toEqual([{ status: 200, body: '' }]);
    await forward();
    const [mention, reaction, command, interaction] = agentCore.of(office.orgId);
    expect(mention).toMatchObject({ type: 'slack.app_mention', text: '<@U0CLANCY01> help' });
    expect(reaction).toMatchObject({ type: 'slack.reaction_added', payload: { reaction: 'eyes', channel: 'C0BILLING1', item } });
    expect(command).toMatchObject({
      type: 'slack.command',
      text: 'send the digest',
      payload: { command: '/clancy', channel_name: 'billing' },
    });
    expect(interaction).toMatchObject({ type: 'slack.interaction', payload: { interaction: 'block_actions', actions } });
    expect(JSON.stringify([command, interaction])).not.toMatch(/secret-answer|verification-token/);
  });

  it('is no event where our own bot did it, or nobody wrote it', async () => {
    await deliver(message({ user: 'U0CLANCY01', bot_id: 'B0CLANCY01', app_id: 'A0CLANCY01' }));
    await deliver(message({ user: undefined, subtype: 'bot_message', bot_id: 'B0SOMEBOT1' }));
    await deliver({ team: office.team, event: { type: 'reaction_added', user: 'U0CLANCY01', reaction: 'eyes', item: {} } });
    await deliver(message({ subtype: 'message_changed' }));
    await deliver(message({ bot_id: 'B0ALARM001', app_id: 'A0ALARM001', text: 'the alarm of another application' }));
    await forward();
    expect(agentCore.of(office.orgId)).toMatchObject([{ text: 'the alarm of another application' }]);
  });
});

it('the address is proved with the challenge', async () => {
  expect(await deliver({ challenge: 'abc' })).toEqual([{ status: 200, body: '{"challenge":"abc"}' }]);
});

it('one workspace that two organisations have connected tells both, and a workspace of nobody tells nobody', async () => {
  const other = await harness.office();
  await harness.owner.query(`update hub.connections set account_id = $1 where connection_id = $2`, [
    office.team,
    other.connectionId,
  ]);
  const rows = async () => (await harness.owner.query('select 1 from hub.webhook_events')).rowCount ?? 0;
  const before = await rows();
  await deliver(message());
  const stranger = await harness.surroundings.sandbox.createAccount('slack');
  expect(await deliver({ ...message(), team: stranger })).toEqual([{ status: 200, body: '' }]);
  await forward();
  for (const { orgId, connectionId } of [office, other]) {
    expect(agentCore.of(orgId)).toMatchObject([{ connection_id: connectionId, type: 'slack.message' }]);
  }
  expect(await rows()).toBe(before + 2);
});
