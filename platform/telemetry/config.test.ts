import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../config.ts';
import { telemetryVariables, tracesUrl } from './config.ts';

const read = (env: { [name: string]: string }) =>
  parseConfig({ process: 'test', schema: z.object(telemetryVariables), env, developmentOnly: [] });

describe('where traces go', () => {
  it('is nowhere unless it is said', () => {
    expect(tracesUrl(read({}))).toBeUndefined();
    expect(tracesUrl(read({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }))).toBeUndefined();
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://x.example/otlp/' }, 'https://x.example/otlp/v1/traces'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a.example', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b.example/t' },
      'http://b.example/t',
    ],
  ])('is, for %j, %s', (env, url) => expect(tracesUrl(read(env))).toBe(url));

  it('says who asks, with headers as OpenTelemetry writes them', () => {
    const { OTEL_EXPORTER_OTLP_HEADERS: headers } = read({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a=b, x-y = z' });
    expect(headers).toEqual({ authorization: 'Bearer a=b', 'x-y': 'z' });
  });

  it('is refused by name and without the value where it is none', () => {
    const bad = { OTEL_EXPORTER_OTLP_ENDPOINT: 'file:///hunter2', OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' };
    expect(() => read(bad)).toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT[^]*OTEL_EXPORTER_OTLP_HEADERS/);
    expect(() => read(bad)).not.toThrow(/hunter2/);
    expect(() => read({ OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz' })).toThrow(/OTEL_EXPORTER_OTLP_HEADERS/);
  });
});
