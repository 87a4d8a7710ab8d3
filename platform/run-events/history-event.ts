import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import type { History } from '@temporalio/common/lib/proto-utils.js';

/** An event of a Temporal history, as the server's API gives it. */
export type HistoryEvent = NonNullable<History['events']>[number];

/** Turns a payload into its value; another one is needed where payloads are encrypted. May throw. */
export type DecodePayload = (payload: Payload) => unknown;

export const decodePlain: DecodePayload = (payload) => defaultPayloadConverter.fromPayload(payload);

/** The first of some payloads; undefined when there is none or it cannot be read. */
export function firstOf(payloads: { payloads?: Payload[] | null } | null | undefined, decode: DecodePayload): unknown {
  const [payload] = payloads?.payloads ?? [];
  if (!payload) return undefined;
  try {
    return decode(payload);
  } catch {
    return undefined;
  }
}

/** Event ids are 64 bit numbers; a history has 51,200 events at most. */
export function eventIdOf(id: HistoryEvent['eventId'] | undefined): number {
  return Number(id ?? 0);
}

export function timestampOf({ eventTime }: HistoryEvent): string {
  const ms = Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1_000_000);
  return new Date(ms).toISOString();
}
