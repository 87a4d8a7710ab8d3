import type { Payload, PayloadCodec } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { isSystemWorkflow } from '../../contracts/system-workflows.ts';
import { SealedTextError } from '../secrets/sealed.ts';
import type { PayloadKey, PayloadKeys } from './payload-key.ts';
import { openPayload, sealedWith, sealPayload } from './sealed-payload.ts';

/** What the SDK says of a payload's place: of a workflow, or of an activity of one. */
type Context = Parameters<PayloadCodec['encode']>[1];

export interface PayloadCodecOptions {
  keys: PayloadKeys;
  /** Whether payloads are encrypted. Decrypted they are in any case: by runs that began when it was otherwise. */
  encrypts: boolean;
}

/**
 * Encrypts payloads with the key of the organisation whose workflow they belong to, and decrypts those of that organisation
 * only: one that was copied from another's workflow does not open here. Payloads that are not encrypted pass.
 */
export function createPayloadCodec({ keys, encrypts }: PayloadCodecOptions): PayloadCodec {
  async function open(payload: Payload, workflowId: string | undefined): Promise<Payload> {
    const name = sealedWith(payload);
    if (!name) return payload;
    const key = workflowId === undefined ? undefined : await keys.named(workflowId, name.kid);
    if (key?.orgId !== name.orgId) throw new SealedTextError();
    return openPayload(payload, key);
  }

  return {
    encode: async (payloads, context) => {
      if (!encrypts || payloads.length === 0 || isSystem(context)) return payloads;
      try {
        const key = await keyFor(keys, context);
        return payloads.map((payload) => sealPayload(payload, key));
      } catch (error) {
        // The SDK encodes what it failed with in places where another failure would end the worker.
        if (payloads.every(isFailureText)) return payloads.map(withheld);
        throw error;
      }
    },
    decode: (payloads, context) => Promise.all(payloads.map((payload) => open(payload, context?.workflowId))),
  };
}

/** What holds no organisation's words is nobody's to encrypt. */
function isSystem(context: Context): boolean {
  return context?.workflowId !== undefined && isSystemWorkflow(context.workflowId);
}

async function keyFor(keys: PayloadKeys, context: Context): Promise<PayloadKey> {
  const key = context?.workflowId === undefined ? undefined : await keys.inUse(context.workflowId);
  if (!key) throw new Error('no organisation is known for this payload');
  return key;
}

/** Message and stack of a failure, as the SDK's failure converter puts them into a payload. */
function isFailureText(payload: Payload): boolean {
  try {
    const value: unknown = defaultPayloadConverter.fromPayload(payload);
    const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    return names.length === 2 && names.includes('message') && names.includes('stack_trace');
  } catch {
    return false;
  }
}

function withheld(): Payload {
  const text = { message: 'withheld, because no key could be had to encrypt it: see the log', stack_trace: '' };
  return defaultPayloadConverter.toPayload(text);
}
