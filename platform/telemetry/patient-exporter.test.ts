import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { patientExporter } from './patient-exporter.ts';

it('says once a minute how many spans were lost, and of the reason no more than a code', () => {
  const said: object[] = [];
  let nowMs = 0;
  const error = Object.assign(new Error('hunter2', { cause: { headers: 'hunter2' } }), { code: 401, data: 'hunter2' });
  let result: ExportResult = { code: ExportResultCode.FAILED, error };
  const inner = {
    export: (_spans: ReadableSpan[], done: (result: ExportResult) => void) => done(result),
    shutdown: async () => {},
  };
  const exporter = patientExporter(inner, { warn: (about: object) => void said.push(about) }, () => nowMs);
  const send = (spans: number) =>
    exporter.export(
      Array.from({ length: spans }, () => ({}) as ReadableSpan),
      () => undefined,
    );

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
