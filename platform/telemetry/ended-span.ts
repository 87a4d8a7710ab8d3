import { SpanKind, SpanStatusCode, TraceFlags, type Attributes, type HrTime, type SpanContext } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { TraceParent } from '../../contracts/trace.ts';

/** A span whose id was known before it ended: that of a workflow, which runs now here and now there. */
export interface EndedSpan {
  name: string;
  span: TraceParent;
  parent: TraceParent | undefined;
  startedAt: Date;
  endedAt: Date;
  hasFailed: boolean;
  attributes: Attributes;
}

/** As the SDK's own spans look to an exporter. */
export function endedSpan(ended: EndedSpan, resource: Resource): ReadableSpan {
  const { name, span, parent, startedAt, endedAt, hasFailed, attributes } = ended;
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => contextOf(span, false),
    ...(parent && { parentSpanContext: contextOf(parent, true) }),
    startTime: hrTime(startedAt.getTime()),
    endTime: hrTime(endedAt.getTime()),
    duration: hrTime(Math.max(0, endedAt.getTime() - startedAt.getTime())),
    status: { code: hasFailed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes,
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'clancy' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Sampled in any case: it is asked for only where spans are exported, and there all of them are. */
function contextOf({ traceId, spanId }: TraceParent, isRemote: boolean): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote };
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}
