import { SpanStatusCode } from '@opentelemetry/api';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClancyError } from '../../contracts/errors.ts';
import { createLogger } from '../logger.ts';
import { activeTraceparent, errorTypeOf, inSpan, within, withLogFields } from './spans.ts';
import { traceInMemory } from './testing.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

let traced: ReturnType<typeof traceInMemory>;
beforeAll(() => {
  traced = traceInMemory();
});
afterAll(() => traced.stop());

const spanNamed = (name: string) => traced.spans().find((span) => span.name === name);

describe('a span', () => {
  it('is a child of what a traceparent names, and around what is done in it', async () => {
    const inside = await within(TRACEPARENT, () => inSpan({ name: 'child' }, async () => activeTraceparent()));
    const span = spanNamed('child');
    expect(span?.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: '00f067aa0ba902b7', isRemote: true });
    expect(inside).toBe(`00-${TRACE}-${span?.spanContext().spanId}-01`);
  });

  it('stays within the trace around where a traceparent is none', async () => {
    await within(TRACEPARENT, () => within('nonsense', () => inSpan({ name: 'still' }, async () => undefined)));
    expect(spanNamed('still')?.spanContext().traceId).toBe(TRACE);
  });

  it('keeps the code of an error, and neither its message nor its stack', async () => {
    const failing = inSpan({ name: 'failing' }, async () => {
      throw new ClancyError('grant_missing', 'what people wrote', { cause: new Error('what people wrote') });
    });
    await expect(failing).rejects.toThrow('what people wrote');
    const span = spanNamed('failing');
    expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'grant_missing' } });
    expect(span?.events).toEqual([]);
    expect(JSON.stringify([span?.status, span?.attributes])).not.toContain('people');
  });
});

describe('the type of an error', () => {
  it.each([
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new TypeError('x'), 'TypeError'],
    [Object.assign(new Error('x'), { code: 'two words', type: 'a_code' }), 'a_code'],
    [Object.assign(new Error('x'), { name: 'what people wrote' }), 'Error'],
    ['what people wrote', 'unknown'],
  ])('of %o is %s', (error, type) => expect(errorTypeOf(error)).toBe(type));
});

describe('a log line', () => {
  it('has the trace, the run and the call around it, and still no secret', async () => {
    const lines: string[] = [];
    const write = new Writable({ write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()) });
    const logger = createLogger({ name: 'test', level: 'info' }, write);
    logger.info('outside');
    await within(TRACEPARENT, () =>
      inSpan({ name: 'logs', logFields: { run_id: 'run' } }, async () => {
        withLogFields({ call_id: 'call' }, () => logger.info({ headers: { authorization: 'hunter2' } }, 'inside'));
        logger.info({ run_id: 'another' }, 'beside');
      }),
    );
    const [outside, inside, beside] = lines.map((line) => JSON.parse(line) as object);
    expect(outside).not.toHaveProperty('trace_id');
    expect(inside).toMatchObject({ trace_id: TRACE, run_id: 'run', call_id: 'call' });
    expect(lines.join('')).not.toContain('hunter2');
    expect(beside).toMatchObject({ run_id: 'another' });
    expect(beside).not.toHaveProperty('call_id');
  });
});
