import type { JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability, ProviderReader } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { gmailUnitsOf } from './limits.ts';
import { EMAIL_ID_PARAMETER, LABELLED, objectSchema } from './schemas.ts';
import { MODIFY } from './scopes.ts';
import { labelsSchema, messageSchema } from './wire.ts';

const TIMEOUT_MS = 10_000;
const SETTLE_MS = 3_000;

/** Of Gmail's own labels those that only mark: TRASH and SPAM would throw the email away. */
const MARKING = new Set(['STARRED', 'IMPORTANT']);

/** @throws ProviderRefusal `label_not_found`: making one would be another effect */
async function withLabelId(parameters: JsonObject, reader: ProviderReader): Promise<JsonObject> {
  const { labels } = readBody(labelsSchema, await reader.read('labels', {}));
  const name = text(parameters, 'label').toLowerCase();
  const label = labels.find((one) => one.name.toLowerCase() === name && (one.type === 'user' || MARKING.has(one.id)));
  if (!label) throw new ProviderRefusal({ code: 'provider_refused', reason: 'label_not_found', retryable: true });
  return { ...parameters, label: label.name, label_id: label.id };
}

function toLabelled(parameters: JsonObject): JsonObject {
  return { id: text(parameters, 'id'), label: text(parameters, 'label') };
}

/** Putting a label on again changes nothing, and whether it is there can be read. */
export const emailLabel: EffectCapability = {
  capability: 'email.label',
  version: 1,
  title: 'Label an email',
  description: 'Puts a label that exists in the mailbox on an email.',
  permission: 'email.write',
  risk: 'write',
  scopes: [MODIFY],
  timeoutMs: TIMEOUT_MS,
  settleMs: SETTLE_MS,
  summaryParameter: 'label',
  costUnits: gmailUnitsOf({ verb: 'POST', method: 'messages/id/modify' }),
  inputSchema: objectSchema(
    {
      id: EMAIL_ID_PARAMETER,
      label: { type: 'string', minLength: 1, maxLength: 225, description: "The label's name, such as Invoices/Open." },
    },
    ['id', 'label'],
  ),
  outputSchema: LABELLED,
  prepare: withLabelId,
  // https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/modify
  request: (parameters) => ({
    method: `messages/${text(parameters, 'id')}/modify`,
    verb: 'POST',
    args: {},
    body: { addLabelIds: [text(parameters, 'label_id')] },
  }),
  result: (_body, parameters) => toLabelled(parameters),
  effectId: (result) => `${text(result, 'id')}/${text(result, 'label')}`,
  lookup: {
    scopes: [MODIFY],
    find: async (parameters, { reader }) => {
      const message = readBody(messageSchema, await reader.read(`messages/${text(parameters, 'id')}`, { format: 'minimal' }));
      return message.labelIds.includes(text(parameters, 'label_id')) ? toLabelled(parameters) : undefined;
    },
  },
};
