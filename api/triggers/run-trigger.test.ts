import { expect, it } from 'vitest';
import { triggerOfPerson, triggerOfWebhook } from './new-trigger.ts';
import { runTriggerOf } from './run-trigger.ts';

const webhook = {
  trigger_id: '6a0c4f0e-8f0a-4c7c-a3f5-d40000000001',
  org_id: 'org_1',
  source: 'webhook',
  provider: 'slack',
  connection_id: 'conn_1',
  type: 'slack.message',
  external_id: 'Ev1',
  occurred_at: '2026-11-23T10:00:00.000Z',
  payload: { channel: 'C1', ts: '1.2', user: 'U1', target: '#everybody', duties: ['pay'], message: { text: 'x' } },
  text: 'Where is my invoice?',
} as const;
const person = { kind: 'person', userId: 'user_1', orgId: 'org_1', role: 'owner', permissions: [] } as const;

it('what came from outside stands under its own name, where it overrides nothing', () => {
  const sent = triggerOfWebhook({ ...webhook, payload: { ...webhook.payload, duties: ['pay'] } }).row;
  expect(runTriggerOf(sent, ['answer'])).toEqual({
    type: 'external_event',
    source: 'webhook:slack:conn_1',
    trigger_id: webhook.trigger_id,
    entry_skills: ['answer'],
    payload: {
      event: {
        type: 'slack.message',
        provider: 'slack',
        connection_id: 'conn_1',
        external_id: 'Ev1',
        occurred_at: '2026-11-23T10:00:00.000Z',
        payload: webhook.payload,
      },
      message: { channel: 'C1', ts: '1.2', user: 'U1', text: 'Where is my invoice?' },
    },
  });
});

it('what a person says is a command with its own input', () => {
  const sent = triggerOfPerson(person, { text: 'Post the digest', payload: { target: '#team' } }, () => 'k').row;
  expect(runTriggerOf(sent, null)).toEqual({
    type: 'direct_command',
    source: 'person:user_1',
    trigger_id: sent.triggerId,
    payload: { target: '#team', command: 'Post the digest' },
  });
});

it('the same key of the same person is the same trigger, of another person another', () => {
  const idOf = (userId: string, key: string) =>
    triggerOfPerson({ ...person, userId }, { text: 'x', payload: {} }, () => key).row.triggerId;
  expect(idOf('user_1', 'k')).toBe(idOf('user_1', 'k'));
  expect(new Set([idOf('user_1', 'k'), idOf('user_1', 'l'), idOf('user_2', 'k')]).size).toBe(3);
});
