import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs';

/** A span as it was received. */
export interface ReceivedSpan {
  /** `clancy-api` ... */
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  kind: number;
  attributes: { [name: string]: string | number | boolean };
  hasFailed: boolean;
}

export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** Every span so far, repetitions left out. */
  spans(): ReceivedSpan[];
  /** The bodies as they came. */
  bodies(): Buffer[];
  headers(): IncomingMessage['headers'][];
  close(): Promise<void>;
}

/** The part of OTLP that the tests read: https://github.com/open-telemetry/opentelemetry-proto, trace/v1/trace.proto */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Value { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
  message KeyValue { string key = 1; Value value = 2; }
  message Status { string message = 2; int32 code = 3; }
  message Span { bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    repeated KeyValue attributes = 9; Status status = 15; }
  message ScopeSpans { repeated Span spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Request { repeated ResourceSpans resource_spans = 1; }
`);
const Request = root.lookupType('Request');

interface WireKeyValue {
  key: string;
  value: { stringValue?: string; boolValue?: boolean; intValue?: number; doubleValue?: number };
}
interface WireSpan {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId?: Buffer;
  name: string;
  kind: number;
  attributes?: WireKeyValue[];
  status?: { message?: string; code?: number };
}
interface WireRequest {
  resourceSpans: { resource: { attributes: WireKeyValue[] }; scopeSpans: { spans: WireSpan[] }[] }[];
}

const ERROR = 2;

/** Takes what exporters send over OTLP/HTTP with protobuf, as a collector does. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans = new Map<string, ReceivedSpan>();
  const bodies: Buffer[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    headers.push(request.headers);
    bodies.push(body);
    if (request.method === 'POST' && request.url === '/v1/traces') {
      for (const span of spansIn(body)) spans.set(`${span.traceId} ${span.spanId}`, span);
    }
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  };
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => [...spans.values()],
    bodies: () => bodies,
    headers: () => headers,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function spansIn(body: Buffer): ReceivedSpan[] {
  const { resourceSpans } = Request.toObject(Request.decode(body), { longs: Number, arrays: true }) as WireRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => toReceived(service, span)));
  });
}

function toReceived(
  service: string,
  { traceId, spanId, parentSpanId, name, kind, attributes = [], status }: WireSpan,
): ReceivedSpan {
  const parent = parentSpanId && Buffer.from(parentSpanId).toString('hex');
  return {
    service,
    traceId: Buffer.from(traceId).toString('hex'),
    spanId: Buffer.from(spanId).toString('hex'),
    parentSpanId: parent || undefined,
    name,
    kind,
    attributes: valuesOf(attributes),
    hasFailed: status?.code === ERROR,
  };
}

function valuesOf(attributes: WireKeyValue[]): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value: { stringValue, boolValue, intValue, doubleValue } }) => [
      key,
      stringValue ?? boolValue ?? intValue ?? doubleValue ?? '',
    ]),
  );
}
