import { trace } from '@opentelemetry/api';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { TRACE_HEADER, workflowSpan } from '../../contracts/trace.ts';
import { nameOf, outcomeOf } from './temporal-activities.ts';
import { contextOfHeaders } from './temporal-headers.ts';
import { spanOf } from './workflow-sink.ts';

const EMPLOYEE = '4f3k9wz0h1c7m2v8x5tq6n0rda';
const RUN = `emp:${EMPLOYEE}_v1:2025-06-09T18:00:00.000Z`;
const parent = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', isSampled: false };

describe('the span of an activity', () => {
  it.each([
    ['runSkillBurst', {}, 'burst'],
    ['recordRunResult', {}, 'recordRunResult'],
    ['callCapability', { capability: 'slack/slack.post' }, 'call slack.post'],
    ['callCapability', { capability: 'what people wrote' }, 'call'],
    ['callCapability', {}, 'call'],
  ])('of %s with %j is called %s', (type, about, name) => expect(nameOf(type, about)).toBe(name));

  it('says how it went in words of ours only', () => {
    expect(outcomeOf({ kind: 'refused', code: 'grant_missing', message: 'what people wrote' })).toEqual({
      'clancy.outcome': 'refused',
      'clancy.code': 'grant_missing',
    });
    expect(outcomeOf({ kind: 'What people wrote', code: 7 })).toEqual({});
    expect(outcomeOf('what people wrote')).toEqual({});
  });
});

describe("Temporal's headers", () => {
  const read = (value: unknown) =>
    trace.getSpanContext(contextOfHeaders({ [TRACE_HEADER]: defaultPayloadConverter.toPayload(value) }));

  it('hold the trace', () => {
    expect(read({ traceparent: `00-${parent.traceId}-${parent.spanId}-01` })).toMatchObject({ traceId: parent.traceId });
  });

  it.each([{}, { traceparent: 'x' }, { traceparent: 7 }, null, 'text'])('that hold %j hold none', (value) => {
    expect(read(value)).toBeUndefined();
  });

  it('that are no JSON hold none', () => {
    const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') };
    expect(trace.getSpanContext(contextOfHeaders({ [TRACE_HEADER]: payload }))).toBeUndefined();
  });
});

describe('the span of a workflow', () => {
  const info = { workflowId: `${RUN}:skill:digest`, workflowType: 'skillRun', runId: '01a2098a-caa5-719e-b3ee-1df0f071b17f' };
  const started = { ...info, runStartTime: new Date(1_500) };

  it('has the id that everything in it was given for its parent', () => {
    const end = { parent, status: 'failed', errorType: 'grant_missing', orgId: 'org_a' } as const;
    expect(spanOf(started, end, new Date(4_250))).toMatchObject({
      name: 'workflow skillRun',
      span: workflowSpan(info.runId, parent),
      parent,
      startedAt: new Date(1_500),
      endedAt: new Date(4_250),
      hasFailed: true,
      attributes: {
        'clancy.run_id': RUN,
        'clancy.employee_id': EMPLOYEE,
        'clancy.org_id': 'org_a',
        'error.type': 'grant_missing',
      },
    });
  });

  it('is no failure where people cancelled it', () => {
    const end = { parent, status: 'cancelled', errorType: undefined, orgId: undefined } as const;
    expect(spanOf(started, end, new Date(2_000))).toMatchObject({
      hasFailed: false,
      attributes: { 'clancy.status': 'cancelled' },
    });
  });
});
