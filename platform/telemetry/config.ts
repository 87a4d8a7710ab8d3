import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });

/** `name=value,name=value`, values percent-encoded (OpenTelemetry, "Specifying headers via environment variables"). */
const headersSchema = z.string().transform((text, context): { [name: string]: string } => {
  try {
    return Object.fromEntries(
      text
        .split(',')
        .filter((pair) => pair.trim() !== '')
        .map(pairOf),
    );
  } catch {
    context.addIssue({ code: 'custom', message: 'expected name=value, and more after commas' });
    return z.NEVER;
  }
});

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  const name = text.slice(0, at).trim();
  if (at < 1 || !/^[\w-]+$/.test(name)) throw new RangeError('no pair');
  return [name, decodeURIComponent(text.slice(at + 1).trim())];
}

/** OpenTelemetry's own variables, in the configuration of each process. Without an endpoint no trace leaves it. */
export const telemetryVariables = {
  /** Where all signals go; traces to `/v1/traces` below it. */
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  /** Where traces go, as it stands. */
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl.optional(),
  /** Sent with every export: how collectors are told who asks. A secret. */
  OTEL_EXPORTER_OTLP_HEADERS: headersSchema.optional(),
};

export interface TelemetryConfig {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  OTEL_EXPORTER_OTLP_HEADERS?: { [name: string]: string } | undefined;
}

/** Where traces are sent, if anywhere: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function tracesUrl(config: TelemetryConfig): string | undefined {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own, OTEL_EXPORTER_OTLP_ENDPOINT: all } = config;
  if (own !== undefined) return own;
  return all === undefined ? undefined : `${all.replace(/\/$/, '')}/v1/traces`;
}
