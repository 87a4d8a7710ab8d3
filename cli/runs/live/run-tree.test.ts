import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../contracts/json.ts';
import type { AgentEventAnswer } from '../../client/answers/runs.ts';
import { renderTree } from './render-tree.ts';
import { createRunTree } from './run-tree.ts';
import { createScreen } from './screen.ts';

const FIRST = 'emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00:00.000Z';
const RUN = `${FIRST}~r1`;
const START_MS = Date.parse('2025-06-09T18:00:00.000Z');

/** Events one second apart, drawn `atS` seconds after the first one. */
function draw(
  events: [kind: string, data?: JsonObject, where?: string][],
  view: { atS?: number; columns?: number; rows?: number } = {},
) {
  const tree = createRunTree(RUN);
  for (const [second, [kind, data = {}, where = '']] of events.entries()) {
    const timestamp = new Date(START_MS + second * 1_000).toISOString();
    const event: AgentEventAnswer = {
      event_id: `e${second}`,
      type: 'agentEvent',
      run_id: RUN + where,
      sequence: second,
      kind,
      data,
      timestamp,
    };
    tree.take(event);
  }
  const { atS = events.length, columns = 200, rows = 50 } = view;
  return renderTree(tree, { nowMs: START_MS + atS * 1_000, columns, rows });
}

const post = (scope: string, skill: string, n = 1) => ({
  call_id: `${scope}:skill:${skill}:call:${n}`,
  capability: 'slack/slack.post',
  parameters: { text: 'a longer text', channel: '#team' },
});
const CALLED: [string, JsonObject, string][] = [
  ['skill.started', { node: 'digest', title: 'Write the digest' }, ':skill:digest'],
  ['call.requested', post(FIRST, 'digest'), ':skill:digest'],
];

describe('the tree of a run', () => {
  it('shows skills and their calls with what each took, also where call ids are those of the first run of a chain', () => {
    expect(draw([['run.started'], ...CALLED], { atS: 5 })).toEqual([
      `${RUN}  running  5.0 s`,
      '  ● Write the digest  4.0 s',
      '    ● slack.post #team  3.0 s',
    ]);
    const ended = draw([
      ['run.started'],
      ...CALLED,
      ['call.succeeded', post(FIRST, 'digest'), ':skill:digest'],
      ['skill.completed', {}, ':skill:digest'],
      ['run.completed'],
    ]);
    expect(ended).toEqual([`${RUN}  completed  5.0 s`, '  ✓ Write the digest  3.0 s  1 call', '    ✓ slack.post #team  1.0 s']);
  });

  it('shows inline skills, and those that a retry took over', () => {
    const lines = draw([
      ['run.started'],
      ['skill.completed', { skill_run: `${RUN}:skill:read`, taken_from_earlier_run: true }],
      ['skill.started', { skill_run: `${RUN}:skill:digest~2`, isolation: 'inline' }],
      ['call.requested', post(FIRST, 'digest~2')],
    ]);
    expect(lines.slice(1)).toEqual([
      '  ✓ read  0.0 s  taken from the earlier run',
      '  ● digest~2  2.0 s',
      '    ● slack.post #team  1.0 s',
    ]);
  });

  it('says what is waited for and how to answer it, until it is answered', () => {
    const asked: [string, JsonObject, string][] = [
      ['approval.requested', { ...post(FIRST, 'digest'), approval_id: 'a-1', question: 'May it?' }, ':skill:digest'],
      ['waiting', { on: ['approval:a-1'] }, ':skill:digest'],
    ];
    const lines = draw([['run.started'], ...CALLED, ...asked]);
    expect(lines.slice(2)).toEqual([
      '    ? slack.post #team  3.0 s  May it?',
      'waits on approval:a-1  (clancy approvals show a-1)',
    ]);
    const answered = draw([
      ['run.started'],
      ...CALLED,
      ...asked,
      ['approval.decided', { approval_id: 'a-1', status: 'approved' }, ':skill:digest'],
      ['waiting', { on: [] }, ':skill:digest'],
    ]);
    expect(answered.slice(2)).toEqual(['    ● slack.post #team  5.0 s  approved']);
  });

  it('says that the run is paused, that a call may have happened, and why something failed', () => {
    expect(draw([['run.started'], ['run.paused', { decided_by: 'user_1' }]])[0]).toContain('  paused  ');
    expect(draw([['run.started'], ['run.paused'], ['run.resumed']])[0]).toContain('  running  ');
    const maybe = draw([['run.started'], ...CALLED, ['call.maybe', post(FIRST, 'digest'), ':skill:digest']]);
    expect(maybe[2]).toContain('? slack.post #team');
    const failed = draw([
      ['run.started'],
      ...CALLED,
      ['call.refused', { ...post(FIRST, 'digest'), code: 'provider_refused', message: 'not_in_channel' }, ':skill:digest'],
      ['skill.failed', { code: 'provider_refused', message: 'not_in_channel' }, ':skill:digest'],
      ['run.failed', { error_code: 'provider_refused' }],
    ]);
    expect(failed[0]).toContain('  failed  ');
    expect(failed[2]).toBe('    ✗ slack.post #team  1.0 s  provider_refused: not_in_channel');
  });

  it('fits the terminal: skills that are done give way to those that run', () => {
    const many: [string, JsonObject, string][] = ['a', 'b', 'c'].flatMap((skill) => [
      ['call.requested', post(FIRST, skill), `:skill:${skill}`],
      ['skill.completed', {}, `:skill:${skill}`],
    ]);
    const events: Parameters<typeof draw>[0] = [['run.started'], ...many, ...CALLED];
    expect(draw(events)).toHaveLength(9);
    expect(draw(events, { rows: 7 }).map((line) => line.trim().split('  ')[0])).toEqual([
      RUN,
      '✓ a',
      '✓ b',
      '✓ c',
      '● Write the digest',
      '● slack.post #team',
    ]);
    expect(draw(events, { rows: 4 })[1]).toBe('  ✓ 3 skills completed');
    expect(draw(events, { rows: 3 }).at(-1)).toBe('  … 2 more lines');
    for (const line of draw(events, { columns: 20 })) expect(line.length).toBeLessThanOrEqual(20);
  });

  it('lets no text from outside draw on the terminal', () => {
    const title = 'x\u001b[2J\ny';
    const lines = draw([['run.started'], ['skill.started', { title }, ':skill:a']]);
    expect(lines).toEqual([`${RUN}  running  2.0 s`, '  ● x y  1.0 s']);
  });
});

it('a screen draws over what it drew before, and nothing when nothing has changed', () => {
  const written: string[] = [];
  const screen = createScreen((text) => void written.push(text));
  screen.draw(['a', 'b']);
  screen.draw(['a', 'b']);
  screen.draw(['a']);
  expect(written).toEqual(['a\nb\n', '\u001b[2A\r\u001b[0Ja\n']);
});
