import { describe, expect, it } from 'vitest';
import { formatTraceparent, parseTraceparent, workflowSpan } from './trace.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('a traceparent', () => {
  it('is read and written as W3C says', () => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, isSampled: true });
    expect(parseTraceparent(`00-${traceId}-${spanId}-02`)).toEqual({ traceId, spanId, isSampled: false });
    expect(formatTraceparent({ traceId, spanId, isSampled: true })).toBe(`00-${traceId}-${spanId}-01`);
    expect(formatTraceparent({ traceId, spanId, isSampled: false })).toBe(`00-${traceId}-${spanId}-00`);
  });

  it('of a later version is read as far as it is alike', () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-01-more`)).toMatchObject({ traceId, spanId });
  });

  it.each([
    undefined,
    ['00'],
    '',
    'nonsense',
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId}-${spanId}-01\n`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `01-${traceId}-${spanId}-01-${'x'.repeat(300)}`,
  ])('is not %j', (text) => expect(parseTraceparent(text)).toBeUndefined());
});

describe('the span of a workflow', () => {
  const runId = '01a2098a-caa5-719e-b3ee-1df0f071b17f';

  it('is the same for everybody, within the trace of whoever started it', () => {
    expect(workflowSpan(runId, { traceId, spanId, isSampled: true })).toEqual({
      traceId,
      spanId: 'b3ee1df0f071b17f',
      isSampled: true,
    });
  });

  it('begins a trace where nobody handed one', () => {
    expect(workflowSpan(runId, undefined)).toEqual({
      traceId: '01a2098acaa5719eb3ee1df0f071b17f',
      spanId: 'b3ee1df0f071b17f',
      isSampled: false,
    });
  });
});
