import { expect, it } from 'vitest';
import { agentEventAnswer } from '../client/answers/runs.ts';
import { CALL_ID, event, RUN_ID } from '../testing/fixtures.ts';
import { renderEvent } from './render-event.ts';

const SKILL_RUN = `${RUN_ID}:skill:post_digest`;
const lineOf = (kind: string, data: object, where?: string) =>
  renderEvent(agentEventAnswer.parse(event(2, kind, data, where)), RUN_ID);

it('puts time, kind, place within the run and what tells most in one line', () => {
  const data = { call_id: CALL_ID, capability: 'slack/slack.post', connection_id: 'conn_1', parameters: { channel: '#digest' } };
  expect(lineOf('call.requested', data, SKILL_RUN)).toBe(
    '18:00:00.000  call.requested         post_digest  capability=slack/slack.post  parameters={"channel":"#digest"}',
  );
});

it('shows everything of a kind that it does not know, ids without what the run is named by', () => {
  expect(lineOf('call.maybe', { call_id: CALL_ID, message: 'no answer' }, SKILL_RUN)).toBe(
    '18:00:00.000  call.maybe             post_digest  call_id=post_digest:call:1  message=no answer',
  );
});

it('says what is waited for, and when nothing is any more', () => {
  expect(lineOf('waiting', { on: ['approval:1', 'timer'] })).toBe('18:00:00.000  waiting                on=approval:1, timer');
  expect(lineOf('waiting', { on: [] })).toBe('18:00:00.000  waiting                on=nothing');
});

it('tells the items of a foreach apart', () => {
  const finished = (items: object[]) => lineOf('micro_agent.completed', { path: 'read', items }, SKILL_RUN);
  expect(finished([])).toBe('18:00:00.000  micro_agent.completed  post_digest  path=read');
  expect(finished([{ path: 'each', index: 1 }])).toMatch(/path=read {2}items=\[\{"path":"each","index":1\}\]$/);
});

it('lets no datum break out of its line or flood it', () => {
  const long = agentEventAnswer.parse(
    event(1, 'waiting', { text: `\u001b[2Kfoo\n18:00:01.000  run.completed ${'x'.repeat(200)}` }),
  );
  const line = renderEvent(long, RUN_ID);
  expect(line).toMatch(/^18:00:00\.000 {2}waiting {16}text=foo 18:00:01\.000 run\.completed x+…$/);
  expect(line.length).toBeLessThan(135);
});
