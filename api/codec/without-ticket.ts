import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';

const LEFT_OUT = '(left out: a credential)';

/** The payload without the run ticket in it, which workers hand on in the inputs of workflows and activities. */
export function withoutTicket(payload: Payload): Payload {
  if (Buffer.from(payload.metadata?.['encoding'] ?? []).toString('utf8') !== 'json/plain') return payload;
  const value: unknown = JSON.parse(Buffer.from(payload.data ?? []).toString('utf8'));
  const cleaned = clean(value);
  return cleaned === value ? payload : { ...payload, data: defaultPayloadConverter.toPayload(cleaned).data ?? null };
}

/** Tickets stand in a member `ticket` of an argument, or of an argument's input. */
function clean(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 2) return value;
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] =>
    name === 'ticket' && typeof inner === 'string' ? [name, LEFT_OUT] : [name, clean(inner, depth + 1)],
  );
  const isSame = entries.every(([name, inner]) => inner === (value as Record<string, unknown>)[name]);
  return isSame ? value : Object.fromEntries(entries);
}
