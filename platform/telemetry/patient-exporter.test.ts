import { diag } from '@opentelemetry/api';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { BatchSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, expect, it } from 'vitest';
import { createLosses } from './losses.ts';
import { patientExporter, QUEUE_LOG_LEVEL, queueLosses } from './patient-exporter.ts';

afterEach(() => diag.disable());

const spans = (count: number) =>
  Array.from({ length: count }, () => ({ spanContext: () => ({ traceFlags: 1 }), resource: {} }) as unknown as ReadableSpan);

it('says once a minute how many spans were lost, and of the reason no more than a code', () => {
  const said: object[] = [];
  let nowMs = 0;
  const error = Object.assign(new Error('hunter2', { cause: { headers: 'hunter2' } }), { code: 401, data: 'hunter2' });
  let result: ExportResult = { code: ExportResultCode.FAILED, error };
  const inner = {
    export: (_spans: ReadableSpan[], done: (result: ExportResult) => void) => done(result),
    shutdown: async () => {},
  };
  const exporter = patientExporter(
    inner,
    createLosses({ warn: (about: object) => void said.push(about) }, () => nowMs),
  );
  const send = (count: number) => exporter.export(spans(count), () => undefined);

  send(2);
  send(3);
  nowMs = 59_999;
  send(4);
  nowMs = 60_000;
  send(5);
  result = { code: ExportResultCode.SUCCESS };
  nowMs = 200_000;
  send(6);
  expect(said).toEqual([
    { lost_spans: 2, reason: '401' },
    { lost_spans: 12, reason: '401' },
  ]);
});

it('says so too when a collector is so slow that the queue is full', async () => {
  const lost: [number, string][] = [];
  diag.setLogger(queueLosses({ lost: (...what) => void lost.push(what) }), { logLevel: QUEUE_LOG_LEVEL });
  const inner = {
    export: (_spans: ReadableSpan[], done: (result: ExportResult) => void) => done({ code: ExportResultCode.SUCCESS }),
    shutdown: async () => undefined,
  };
  const queue = new BatchSpanProcessor(inner, { maxQueueSize: 2, maxExportBatchSize: 2, scheduledDelayMillis: 60_000 });
  for (const span of spans(5)) queue.onEnd(span);
  await queue.forceFlush();
  for (const span of spans(1)) queue.onEnd(span);
  await queue.shutdown();
  expect(lost.map(([, reason]) => reason)).toEqual(lost.map(() => 'queue_full'));
  expect(lost.length).toBeGreaterThan(0);
});
