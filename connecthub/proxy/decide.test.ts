import { describe, expect, it } from 'vitest';
import type { Json } from '../../contracts/json.ts';
import type { PolicyRule } from '../../contracts/policy.ts';
import { decide, type DecideInput } from './decide.ts';

const rule = (changes: Partial<PolicyRule>): PolicyRule => ({
  capability: 'slack/slack.post',
  effect: 'allow',
  approvers: [],
  timeout_seconds: 60,
  on_timeout: 'reject',
  reason: 'because',
  ...changes,
});
const post: DecideInput = {
  capability: 'slack/slack.post',
  risk: 'write',
  parameters: { channel: '#digest' },
  skill: 'digest',
  now: '2026-11-23T10:00:00Z',
};
const answering = (value: Json) => async () => value;
const failing = async () => {
  throw new Error('expression_limit');
};
const effect = async (rules: PolicyRule[], changes: Partial<DecideInput> = {}, evaluate = answering(true)) =>
  (await decide(rules, { ...post, ...changes }, evaluate)).effect;

describe('the policy without a rule', () => {
  it('allows reads and asks about everything else', async () => {
    expect(await effect([], { risk: 'read' })).toBe('allow');
    expect(await effect([], { risk: 'write' })).toBe('require_approval');
    expect(await effect([], { risk: 'destructive' })).toBe('require_approval');
  });
});

describe('the policy', () => {
  it('takes the first rule whose pattern and condition hold', async () => {
    expect(await effect([rule({ capability: 'gmail/*', effect: 'deny' }), rule({}), rule({ effect: 'deny' })])).toBe('allow');
    expect(await effect([rule({ when: 'x' }), rule({ effect: 'deny' })], {}, answering(false))).toBe('deny');
  });

  it.each([
    ['slack/*', true],
    ['slack/slack.*', true],
    ['slack/slack.post', true],
    ['slack/slack.p*', true],
    ['slack/slack.pos', false],
    ['slack/slack.post.bulk', false],
    ['slac/*', false],
  ])('matches %s: %s', async (capability, isMatch) => {
    expect(await effect([rule({ capability, effect: 'deny' })])).toBe(isMatch ? 'deny' : 'require_approval');
  });

  it('asks about what cannot be taken back, whatever a rule allows', async () => {
    const decision = await decide([rule({ approvers: ['user_boss'] })], { ...post, risk: 'destructive' }, answering(true));
    expect(decision).toEqual({
      effect: 'require_approval',
      approvers: ['user_boss'],
      timeoutSeconds: 60,
      onTimeout: 'reject',
      reason: 'It cannot be taken back.',
    });
    expect(await effect([rule({ effect: 'deny' })], { risk: 'destructive' })).toBe('deny');
  });

  it('lets a rule restrict whatever its condition gives but false and nothing', async () => {
    for (const value of [1, 'true', '', 0, {}, [], [true], true])
      expect(await effect([rule({ when: 'x', effect: 'deny' })], {}, answering(value))).toBe('deny');
    for (const value of [false, null])
      expect(await effect([rule({ when: 'x', effect: 'deny' }), rule({})], {}, answering(value))).toBe('allow');
    expect(await effect([rule({ when: 'x', effect: 'require_approval' })], { risk: 'read' }, answering('yes'))).toBe(
      'require_approval',
    );
  });

  it('lets a rule allow only where its condition is exactly true', async () => {
    for (const value of [1, 'true', {}, [true], null, false])
      expect(await effect([rule({ when: 'x' })], {}, answering(value))).toBe('require_approval');
  });

  it('errs on the strict side where a condition cannot be evaluated', async () => {
    expect(await effect([rule({ when: 'x' })], {}, failing)).toBe('require_approval');
    expect(await effect([rule({ when: 'x', effect: 'deny' })], {}, failing)).toBe('deny');
    expect(await effect([rule({ when: 'x', effect: 'require_approval' })], { risk: 'read' }, failing)).toBe('require_approval');
  });

  it('shows a condition the parameters, the capability, the skill and the instant, and nothing else', async () => {
    const seen: unknown[] = [];
    await decide([rule({ when: 'x' })], post, async (expression, scope) => {
      seen.push(expression, scope);
      return true;
    });
    expect(seen).toEqual([
      'x',
      { parameters: { channel: '#digest' }, capability: 'slack/slack.post', skill: 'digest', now: '2026-11-23T10:00:00Z' },
    ]);
  });
});
