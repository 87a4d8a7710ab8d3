import { expect, test } from 'vitest';
import type { ApprovalSeen, CallsSeen, EmployeeSeen, Evidence, RunSeen } from './evidence.ts';
import { suggestFromAnswers } from './suggest-approvals.ts';
import { suggestFromRuns } from './suggest-runs.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const until = new Date('2026-11-24T12:00:00Z');

const ada: EmployeeSeen = {
  employeeId: 'ada',
  name: 'Ada',
  isActive: true,
  activatedAt: new Date(until.getTime() - 60 * DAY_MS),
  wasAsked: true,
  skills: new Map([
    ['remind', { title: 'Remind customers', template: 'remind-customers' }],
    ['report', { title: 'Report', template: null }],
  ]),
  activeSkills: ['remind', 'report'],
  destructive: new Set(['slack/slack.delete']),
};
const see = (more: Partial<Evidence>): Evidence => ({
  since: new Date(until.getTime() - 30 * DAY_MS),
  until,
  employees: [ada],
  runs: [],
  approvals: [],
  calls: null,
  ...more,
});
const run = (index: number, more: Partial<RunSeen> = {}): RunSeen => ({
  runId: `run-${index}`,
  employeeId: 'ada',
  status: 'completed',
  error: null,
  errorCode: null,
  latencyMs: 1_000,
  skills: [
    { node: 'remind', status: 'completed' },
    { node: 'report', status: 'completed' },
  ],
  ...more,
});
const failed = (index: number, error: string): RunSeen =>
  run(index, {
    status: 'failed',
    error,
    errorCode: 'provider_refused',
    skills: [
      { node: 'remind', status: 'failed' },
      { node: 'report', status: 'completed' },
    ],
  });
const approval = (index: number, more: Partial<ApprovalSeen> = {}): ApprovalSeen => ({
  approvalId: `approval-${index}`,
  runId: `run-${index}`,
  employeeId: 'ada',
  skill: 'remind',
  capability: 'slack/slack.post',
  parameters: { channel: '#billing', text: `Hello ${index}`, amount: index },
  status: 'approved',
  isEdited: false,
  waitMs: 60_000,
  ...more,
});
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

test('a skill that fails is told with its most common reason, and the runs that show it', () => {
  const runs = [
    ...times(3, (index) => failed(index, `Customer ${index} has no email.`)),
    failed(3, 'Something else.'),
    ...times(6, (index) => run(10 + index)),
  ];
  expect(suggestFromRuns(see({ runs }))).toMatchObject([
    {
      kind: 'failing_skill',
      skill: 'remind',
      text: '"Remind customers" failed 4 of 10 times, 3 of them because: Customer 0 has no email.',
      evidence: { count: 4, of: 10, runIds: ['run-0', 'run-1', 'run-2'] },
    },
  ]);
});

test.each([
  ['too few runs', [...times(3, (index) => failed(index, 'No.')), run(9)]],
  ['too few failures', [...times(2, (index) => failed(index, 'No.')), ...times(3, (index) => run(9 + index))]],
  ['too small a share', [...times(3, (index) => failed(index, 'No.')), ...times(9, (index) => run(9 + index))]],
])('%s suggest nothing', (_what, runs) => expect(suggestFromRuns(see({ runs }))).toEqual([]));

test('what was approved each time could be allowed, by a rule that allows no more than was approved', () => {
  const approvals = times(20, (index) => approval(index));
  const [suggestion, ...others] = suggestFromAnswers(see({ approvals }));
  expect(others).toEqual([]);
  expect(suggestion).toMatchObject({
    kind: 'always_approved',
    text: 'slack/slack.post of "Remind customers" was approved 20 of 20 times, as asked: allow it?',
    rule: {
      capability: 'slack/slack.post',
      effect: 'allow',
      when: 'skill = "remind" and parameters.amount <= 19 and parameters.channel = "#billing"',
    },
    evidence: { count: 20, of: 20, approvalIds: times(10, (index) => `approval-${index}`) },
  });
});

test.each([
  ['once too few', times(19, (index) => approval(index))],
  ['one of them rejected', times(21, (index) => approval(index, index === 7 ? { status: 'rejected' } : {}))],
  ['one of them edited', times(21, (index) => approval(index, { isEdited: index === 7 }))],
  ['one of them left unanswered', times(21, (index) => approval(index, index === 7 ? { status: 'expired', waitMs: null } : {}))],
  ['a capability that destroys', times(30, (index) => approval(index, { capability: 'slack/slack.delete' }))],
])('%s: nobody suggests to allow it', (_what, approvals) => {
  expect(suggestFromAnswers(see({ approvals }))).toEqual([]);
});

test('a value with quotes stays a value in the rule', () => {
  const hostile = '" or true or "';
  const approvals = times(20, (index) => approval(index, { parameters: { 'a`b': hostile } }));
  const [suggestion] = suggestFromAnswers(see({ approvals }));
  expect(suggestion?.rule?.when).toBe('skill = "remind" and parameters.`ab` = "\\" or true or \\""');
});

test('what is mostly rejected, and what waits long, is said', () => {
  const approvals = [
    ...times(4, (index) => approval(index, { status: 'rejected', waitMs: 50 * HOUR_MS })),
    ...times(3, (index) => approval(10 + index, { waitMs: 60 * HOUR_MS })),
  ];
  expect(suggestFromAnswers(see({ approvals }))).toMatchObject([
    { kind: 'often_rejected', evidence: { count: 4, of: 7 } },
    { kind: 'slow_approvals', text: '"Remind customers" waits 2 days for approval, half of 7 times longer.' },
  ]);
});

test('calls that are refused are told with what mends them', () => {
  const runs = times(3, (index) => run(index, { status: 'failed', errorCode: 'scope_missing', error: 'No.', skills: [] }));
  expect(suggestFromRuns(see({ runs }))).toMatchObject([
    { kind: 'refused_calls', text: '3 of 3 runs of Ada ended because its calls are refused: scope_missing.' },
  ]);
  const call = (outcome: string, calls: number): CallsSeen => ({
    employeeId: 'ada',
    skill: 'remind',
    capability: 'slack/slack.post',
    outcome,
    errorCode: outcome === 'refused' ? 'not_in_channel' : null,
    calls,
    latencyMs: 10,
    costUnits: 1,
    runIds: ['run-1'],
  });
  expect(suggestFromAnswers(see({ calls: [call('succeeded', 4), call('refused', 6)] }))).toMatchObject([
    { kind: 'refused_calls', text: expect.stringContaining('refused 6 of 10 calls'), evidence: { runIds: ['run-1'] } },
  ]);
  expect(suggestFromAnswers(see({ calls: [call('succeeded', 40), call('refused', 6)] }))).toEqual([]);
});

test('what nobody uses is said once it has had its time', () => {
  const idle = { ...ada, wasAsked: false };
  expect(suggestFromRuns(see({ employees: [idle] }))).toMatchObject([
    { kind: 'unused_employee', text: 'Nobody has used Ada for 30 days: no run was asked for.' },
  ]);
  expect(suggestFromRuns(see({ employees: [{ ...idle, activatedAt: new Date(until.getTime() - 13 * DAY_MS) }] }))).toEqual([]);
  expect(suggestFromRuns(see({ employees: [{ ...idle, isActive: false }] }))).toEqual([]);
  const runs = times(10, (index) =>
    run(index, {
      skills: [
        { node: 'remind', status: 'completed' },
        { node: 'report', status: 'skipped' },
      ],
    }),
  );
  expect(suggestFromRuns(see({ runs }))).toMatchObject([
    { kind: 'unused_skill', skill: 'report', evidence: { count: 0, of: 10 } },
  ]);
});
