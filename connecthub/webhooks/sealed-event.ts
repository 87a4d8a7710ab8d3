import { z } from 'zod';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import type { Seal, SecretBox } from '../../platform/secrets/secret-box.ts';

/** What an event says: the declared fields, and what a person wrote. */
export interface Said {
  payload: JsonObject;
  text?: string | undefined;
}

/** Where it stands. `text` is beside it only in rows from before events were sealed. */
interface SaidRow {
  orgId: string;
  eventId: string;
  payload: Json;
  text: string | null;
}

/** The key that an event was sealed with is gone, or its row is not where it was sealed for: nobody can read it any more. */
export class UnreadableEventError extends Error {
  constructor() {
    super('What the event said cannot be read any more: the key that it was sealed with is gone.');
  }
}

const saidSchema = z.object({ payload: jsonObjectSchema, text: z.string().optional() });

const placeOf = (orgId: string, object: string) => ({ purpose: 'webhook-event', orgId, object, field: 'payload' });

/** What an event says as its row keeps it: sealed for this row alone, so that it ends with its organisation's key. */
export function sealSaid(seal: Seal, { orgId, eventId }: Pick<SaidRow, 'orgId' | 'eventId'>, { payload, text }: Said): string {
  return seal(placeOf(orgId, eventId), JSON.stringify({ payload, text }));
}

/**
 * What the row of an event says.
 *
 * @throws UnreadableEventError
 * @throws ClancyError `key_service_unavailable`
 */
export async function openSaid(box: Pick<SecretBox, 'open'>, { orgId, eventId, payload, text }: SaidRow): Promise<Said> {
  // Rows from before events were sealed stand as they are.
  if (typeof payload !== 'string') return { payload: jsonObjectSchema.parse(payload), text: text ?? undefined };
  const opened = await box.open(placeOf(orgId, eventId), payload).catch((error: unknown) => {
    throw error instanceof SealedTextError ? new UnreadableEventError() : error;
  });
  return saidSchema.parse(JSON.parse(opened));
}
