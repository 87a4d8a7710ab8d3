import type { Payload } from '@temporalio/common';
import { z } from 'zod';

const wirePayload = z.object({ metadata: z.record(z.string(), z.base64()).default({}), data: z.base64().default('') });

/** As Temporal's Web UI and command send and take payloads: protobuf's JSON, bytes in base64. */
export const payloadsBody = z.object({ payloads: z.array(wirePayload).max(10_000) });
export type WirePayloads = z.infer<typeof payloadsBody>;

export function fromWire({ payloads }: WirePayloads): Payload[] {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  return payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, bytes(value)])),
    data: bytes(data),
  }));
}

export function toWire(payloads: readonly Payload[]): WirePayloads {
  const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');
  return {
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, text(value)])),
      data: text(data),
    })),
  };
}
