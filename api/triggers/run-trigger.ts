import type { Trigger } from '../../contracts/events.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { NewTrigger } from './new-trigger.ts';

type Sent = NewTrigger['row'];

/** Of a message: what duties that answer messages read. */
const MESSAGE_FIELDS = ['channel', 'ts', 'thread_ts', 'user'];

/**
 * What a run sees of its trigger. The payload of an event stands under `event`, never at the top: there, a run's payload
 * overrides what the job description says (where to post, whom to tell), and that is not for somebody outside to do.
 */
export function runTriggerOf(sent: Sent, entrySkills: readonly string[] | null): Trigger {
  const chosen = { trigger_id: sent.triggerId, ...(entrySkills !== null && { entry_skills: [...entrySkills] }) };
  if (sent.source === 'webhook') {
    const source = `webhook:${sent.provider ?? ''}:${sent.connectionId ?? ''}`;
    return { type: 'external_event', payload: eventOf(sent), source, ...chosen };
  }
  if (sent.source === 'fact') {
    return { type: 'internal_event', payload: eventOf(sent), source: `fact:${sent.factSeq ?? ''}`, ...chosen };
  }
  const command = sent.text === null ? {} : { command: sent.text };
  const payload = sent.type === null ? { ...sent.payload, ...command } : eventOf(sent);
  return { type: 'direct_command', payload, source: `person:${sent.sentBy}`, ...chosen };
}

function eventOf({ type, provider, connectionId, externalId, occurredAt, payload, text }: Sent): JsonObject {
  const from = {
    ...(provider !== null && { provider }),
    ...(connectionId !== null && { connection_id: connectionId }),
    ...(externalId !== null && { external_id: externalId }),
    ...(occurredAt !== null && { occurred_at: occurredAt.toISOString() }),
  };
  const message = messageOf(payload, text);
  return { event: { type, ...from, payload }, ...(message && { message }) };
}

function messageOf(payload: JsonObject, text: string | null): JsonObject | undefined {
  if (typeof payload['channel'] !== 'string' || typeof payload['ts'] !== 'string') return undefined;
  const fields = MESSAGE_FIELDS.filter((name) => typeof payload[name] === 'string').map((name) => [name, payload[name]!]);
  return { ...Object.fromEntries(fields), text: text ?? (typeof payload['text'] === 'string' ? payload['text'] : '') };
}
