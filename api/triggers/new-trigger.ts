import { v5 as uuidV5 } from 'uuid';
import { canonicalHash } from '../../contracts/digest.ts';
import type { PersonTrigger, WebhookTrigger } from '../../contracts/trigger.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import type { Cause } from '../facts/triggers/loop-protection.ts';
import type { Question } from '../supervisor/choose.ts';
import type { TriggerRow } from './find.ts';

/** Namespace of trigger ids that are made of a person's `Idempotency-Key`. */
const KEYS = '0d1f3f55-5a0b-4c6e-9d5c-6f0f8f1f2b7a';

/** A trigger as it came in, and who stands behind it. */
export interface NewTrigger {
  row: Omit<TriggerRow, 'orgId' | 'decision' | 'rule' | 'reason' | 'candidates' | 'answer' | 'decidedBy' | 'decidedAt' | 'at'>;
  question: Question;
  /** Absent for a webhook and a fact: its runs happen in the name of whoever subscribed. */
  person?: PersonPrincipal;
  /** Of a fact: what led to it. */
  cause?: Cause;
}

const NO_FACT = { factSeq: null, causeChain: null, causeRoot: null };

export function triggerOfWebhook(body: WebhookTrigger): NewTrigger {
  const { trigger_id: triggerId, ...sent } = body;
  const { type, payload, text, connection_id: connectionId } = body;
  return {
    row: {
      triggerId,
      source: 'webhook',
      sentBy: 'connecthub',
      digest: canonicalHash({ by: 'connecthub', sent }),
      type,
      provider: body.provider,
      connectionId,
      externalId: body.external_id,
      occurredAt: new Date(body.occurred_at),
      text: text ?? null,
      payload,
      ...NO_FACT,
    },
    question: { type, payload, text, connectionId },
  };
}

/** `key` stands in for a trigger id: of one person the same key is the same trigger. */
export function triggerOfPerson(person: PersonPrincipal, body: PersonTrigger, key: () => string): NewTrigger {
  const { trigger_id: given, ...sent } = body;
  const { type, payload, text, employee_id: employeeId, entry_skills: entrySkills } = body;
  const triggerId = given ?? uuidV5(JSON.stringify([person.orgId, person.userId, key()]), KEYS);
  const nothing = { provider: null, connectionId: null, externalId: null, occurredAt: null };
  return {
    row: {
      triggerId,
      source: 'person',
      sentBy: person.userId,
      digest: canonicalHash({ by: person.userId, sent }),
      type: type ?? null,
      ...nothing,
      text: text ?? null,
      payload,
      ...NO_FACT,
    },
    question: { employeeId, entrySkills, type, payload, text },
    person,
  };
}
