import { z } from 'zod';
import { jsonOf, readShape } from '../../webhooks/body.ts';
import { present } from '../../webhooks/cut.ts';
import type { WebhookDefinition, WebhookEvent } from '../../webhooks/definition.ts';
import { hmacSha256, isSignedWith } from '../../webhooks/signatures.ts';

const id = z.string().min(1).max(60);
const realm = z.string().regex(/^\d{1,20}$/);
const time = z
  .string()
  .max(40)
  .refine((text) => !Number.isNaN(Date.parse(text)));

/** https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks: CloudEvents, one array for all companies. */
const cloudEventSchema = z.looseObject({
  id,
  /** `qbo.invoice.created.v1`. */
  type: z.string().regex(/^qbo\.[a-z]{1,40}\.[a-z]{1,40}\.v\d{1,3}$/),
  time,
  intuitentityid: id,
  intuitaccountid: realm,
});
const cloudEventsSchema = z.array(z.unknown()).max(5_000);

/** The form before it. */
const entitySchema = z.looseObject({
  id,
  name: z.string().regex(/^[A-Za-z]{1,40}$/),
  operation: z.string().max(20),
  lastUpdated: time,
  deletedId: id.optional(),
});
const notificationsSchema = z.looseObject({
  eventNotifications: z
    .array(z.looseObject({ realmId: realm, dataChangeEvent: z.looseObject({ entities: z.array(z.unknown()).max(5_000) }) }))
    .max(5_000),
});

const PAST: { readonly [operation: string]: string } = {
  Create: 'created',
  Update: 'updated',
  Delete: 'deleted',
  Merge: 'merged',
  Void: 'voided',
  Emailed: 'emailed',
};

/** One delivery may tell of several companies. Which one a change belongs to stands beside it, and in the signed body. */
export const quickBooksWebhooks: WebhookDefinition = {
  // No time is signed: what comes again is known by its id, and what is too old to be known is left out.
  proof: {
    by: 'secret',
    isSigned: ({ body, headers }, secrets) =>
      isSignedWith(secrets, (secret) => hmacSha256(secret, body), base64Signature(headers['intuit-signature'])),
  },
  events: (delivery) => {
    const body = jsonOf(delivery);
    const cloudEvents = readShape(cloudEventsSchema, body);
    const events = cloudEvents ? cloudEvents.flatMap(ofCloudEvent) : ofNotifications(body);
    return events.toSorted((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  },
};

function ofCloudEvent(value: unknown): WebhookEvent[] {
  const event = readShape(cloudEventSchema, value);
  if (!event) return [];
  const [, entity = '', operation = ''] = event.type.split('.');
  const about = { realm: event.intuitaccountid, entity, operation, entityId: event.intuitentityid };
  return [toEvent({ ...about, externalId: event.id, time: event.time })];
}

function ofNotifications(body: unknown): WebhookEvent[] {
  const told = readShape(notificationsSchema, body)?.eventNotifications ?? [];
  return told.flatMap(({ realmId, dataChangeEvent: { entities } }) =>
    entities.flatMap((one) => {
      const change = readShape(entitySchema, one);
      const operation = PAST[change?.operation ?? ''];
      if (!change || operation === undefined) return [];
      const { name, id: entityId, lastUpdated, deletedId } = change;
      // It has no id of its own.
      const externalId = [realmId, name, entityId, operation, lastUpdated].join(':');
      const about = { realm: realmId, entity: name.toLowerCase(), operation, entityId, mergedId: deletedId };
      return [toEvent({ ...about, externalId, time: lastUpdated })];
    }),
  );
}

interface Change {
  realm: string;
  entity: string;
  operation: string;
  entityId: string;
  externalId: string;
  time: string;
  /** Of what was merged into this one. */
  mergedId?: string | undefined;
}

function toEvent({ realm: realmId, entity, operation, entityId, externalId, time: at, mergedId }: Change): WebhookEvent {
  return {
    accounts: [realmId],
    externalId,
    type: `quickbooks.${entity}.${operation}`,
    occurredAt: new Date(at),
    payload: present({ entity, operation, entity_id: entityId, realm_id: realmId, merged_id: mergedId }),
  };
}

function base64Signature(text: string | undefined): Buffer[] {
  return /^[A-Za-z0-9+/]{43}=$/.test(text ?? '') ? [Buffer.from(text ?? '', 'base64')] : [];
}
