import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callScopeOf,
  isEmployeeId,
  isNodeId,
  makeCallId,
  makeEmployeeId,
  makeGraphId,
  makeMicroAgentId,
  makeRunId,
  makeSkillRunId,
  parseCallId,
  parseCapability,
  parseGraphId,
  parseMicroAgentId,
  parseRunId,
  parseSkillRunId,
  qualifyCapability,
  type RunParts,
} from './ids.ts';

const employee = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(makeEmployeeId);
const count = fc.integer({ min: 1, max: 999_999_999 });
const node = fc.stringMatching(/^[a-z][a-z0-9_]{0,47}$/);
const path = fc.array(node, { minLength: 1, maxLength: 4 }).map((nodes) => nodes.join('/'));
const at = fc
  .tuple(fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), fc.boolean())
  .map(([date, isScheduled]) => (isScheduled ? `${date.toISOString().slice(0, 16)}Z` : date.toISOString()));
const run: fc.Arbitrary<RunParts> = fc.record(
  { employee, version: count, at, twin: count, retry: count },
  { requiredKeys: ['employee', 'version', 'at'] },
);
const skillRun = fc.record({ run: run.map(makeRunId), node, visit: count });
const call = fc.record({
  skillRun: skillRun.map(makeSkillRunId),
  items: fc.array(fc.record({ path, index: fc.integer({ min: 0, max: 999_999_999 }) }), { maxLength: 3 }),
  n: count,
});

describe('identifiers', () => {
  it('read back as the parts they were made of', () => {
    fc.assert(
      fc.property(employee, count, run, skillRun, path, call, (id, version, runParts, skillParts, agentPath, callParts) => {
        expect(parseGraphId(makeGraphId(id, version))).toEqual({ employee: id, version });
        expect(parseRunId(makeRunId(runParts))).toEqual(runParts);
        expect(parseSkillRunId(makeSkillRunId(skillParts))).toEqual(skillParts);
        const skill = makeSkillRunId(skillParts);
        expect(parseMicroAgentId(makeMicroAgentId(skill, agentPath))).toEqual({ skillRun: skill, path: agentPath });
        expect(parseCallId(makeCallId(callParts))).toEqual(callParts);
      }),
    );
  });

  it('are never two things at once', () => {
    const parsers = [parseGraphId, parseRunId, parseSkillRunId, parseMicroAgentId, parseCallId, parseCapability];
    const ids = fc.oneof(run.map(makeRunId), skillRun.map(makeSkillRunId), call.map(makeCallId));
    fc.assert(
      fc.property(ids, (id) => {
        expect(parsers.filter((parse) => parse(id) !== undefined)).toHaveLength(1);
      }),
    );
  });

  it('of a call scope are those of the first run of a chain of retries', () => {
    fc.assert(
      fc.property(run, (parts) => {
        const scope = callScopeOf(makeRunId(parts));
        expect(scope).toBe(callScopeOf(makeRunId({ ...parts, retry: 7 })));
        expect(parseRunId(scope)?.retry).toBeUndefined();
      }),
    );
  });

  it('accept the forms of the founding documents', () => {
    const id = makeEmployeeId(new Uint8Array(16).fill(255));
    expect(id).toBe('7zzzzzzzzzzzzzzzzzzzzzzzzz');
    const scheduled = `emp:${id}_v3:2025-06-09T18:00Z`;
    expect(parseRunId(scheduled)).toEqual({ employee: id, version: 3, at: '2025-06-09T18:00Z' });
    expect(makeSkillRunId({ run: scheduled, node: 'skill_invoices', visit: 1 })).toBe(`${scheduled}:skill:skill_invoices`);
    expect(makeCallId({ skillRun: `${scheduled}:skill:a`, items: [{ path: 'each', index: 2 }], n: 1 })).toBe(
      `${scheduled}:skill:a:item:each:2:call:1`,
    );
    expect(qualifyCapability('slack', 'slack.post')).toBe('slack/slack.post');
  });

  it.each([
    'emp:x_v1:2025-06-09T18:00Z',
    'emp:00000000000000000000000000_v0:2025-06-09T18:00Z',
    'emp:00000000000000000000000000_v1:2025-06-09',
    'emp:00000000000000000000000000_v1:2025-06-09T18:00Z~0',
    'emp:00000000000000000000000000_v1:2025-06-09T18:00Z\n',
    'emp:iiiiiiiiiiiiiiiiiiiiiiiiii_v1:2025-06-09T18:00Z',
  ])('refuse %j as a run', (text) => {
    expect(parseRunId(text)).toBeUndefined();
  });

  it('refuse parts that cannot be read back', () => {
    expect(() => makeRunId({ employee: 'nobody', version: 1, at: '2025-06-09T18:00Z' })).toThrow(RangeError);
    expect(() => makeCallId({ skillRun: 'x', items: [], n: 1 })).toThrow(RangeError);
    expect(() => makeEmployeeId(new Uint8Array(8))).toThrow(RangeError);
    expect(() => qualifyCapability('slack', 'slack')).toThrow(RangeError);
    expect(() => callScopeOf('x')).toThrow(RangeError);
    expect(parseSkillRunId('emp:00000000000000000000000000_v1:2025-06-09T18:00Z:skill:a~1')).toBeUndefined();
    expect(isEmployeeId('ILOU')).toBe(false);
    expect(isNodeId('1a')).toBe(false);
  });
});
