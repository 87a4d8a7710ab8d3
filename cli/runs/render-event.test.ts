import { expect, it } from 'vitest';
import { agentEventAnswer } from '../client/answers/runs.ts';
import { CALL_ID, event, RUN_ID } from '../testing/fixtures.ts';
import { renderEvent } from './render-event.ts';

it('puts time, kind, place within the run and data in one line', () => {
  const asked = agentEventAnswer.parse(event(2, 'call.requested', { call_id: CALL_ID, n: 1 }, `${RUN_ID}:skill:post_digest`));
  expect(renderEvent(asked, RUN_ID)).toBe('18:00:00.000  call.requested      post_digest  call_id=post_digest:call:1  n=1');
});

it('lets no datum break out of its line or flood it', () => {
  const long = agentEventAnswer.parse(
    event(1, 'waiting', { text: `\u001b[2Kfoo\n18:00:01.000  run.completed ${'x'.repeat(200)}` }),
  );
  const line = renderEvent(long, RUN_ID);
  expect(line).toMatch(/^18:00:00\.000 {2}waiting {13}text=foo 18:00:01\.000 run\.completed x+…$/);
  expect(line.length).toBeLessThan(130);
});
