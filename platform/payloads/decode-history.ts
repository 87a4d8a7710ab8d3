import type { Payload, PayloadCodec } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { SealedTextError } from '../secrets/sealed.ts';
import type { HistoryEvent } from '../run-events/history-event.ts';

/** Turns the events of a workflow's history into what they were before they were encoded; in place. */
export type DecodeHistory = (workflowId: string, events: HistoryEvent[]) => Promise<HistoryEvent[]>;

/** Puts what a reference stands for in its place. Rejects with `SealedTextError` where that is gone or not this workflow's. */
export type ResolvePayload = (payload: Payload, workflowId: string) => Promise<Payload>;

/**
 * Decodes every payload and restores the messages of failures. What cannot be opened, because it was changed or its key is
 * gone, stays as it is, and is passed over by who reads it. Rejects when a key cannot be asked for right now.
 */
export function createHistoryDecoder(
  codec: Pick<PayloadCodec, 'decode'>,
  namespace: string,
  resolve: ResolvePayload = async (payload) => payload,
): DecodeHistory {
  return async (workflowId, events) => {
    const context = { type: 'workflow', namespace, workflowId } as const;
    const decodeOne = async (payload: Payload): Promise<Payload> => {
      try {
        return (await codec.decode([await resolve(payload, workflowId)], context))[0] ?? payload;
      } catch (error) {
        if (error instanceof SealedTextError) return payload;
        throw error;
      }
    };
    for (const event of events) {
      await decodeWithin(event as unknown as Node, decodeOne);
      restoreFailures(event as unknown as Node);
    }
    return events;
  };
}

type Node = Record<string, unknown>;

/** Replaces the payloads below `node`, wherever Temporal's messages hold them. */
async function decodeWithin(node: Node, decodeOne: (payload: Payload) => Promise<Payload>): Promise<void> {
  for (const [name, value] of Object.entries(node)) {
    if (!isNode(value)) continue;
    if (isPayload(value)) node[name] = await decodeOne(value);
    else await decodeWithin(value, decodeOne);
  }
}

function restoreFailures(node: Node): void {
  const { encodedAttributes } = node;
  if (isNode(encodedAttributes) && isPayload(encodedAttributes)) Object.assign(node, failureTextOf(encodedAttributes));
  for (const value of Object.values(node)) if (isNode(value) && !isPayload(value)) restoreFailures(value);
}

function failureTextOf(payload: Payload): { message?: string; stackTrace?: string } {
  try {
    const { message, stack_trace: stackTrace } = defaultPayloadConverter.fromPayload<Node>(payload);
    return {
      ...(typeof message === 'string' && { message }),
      ...(typeof stackTrace === 'string' && { stackTrace }),
    };
  } catch {
    return {};
  }
}

/** Messages, lists of messages and maps; not bytes. */
function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

/** `temporal.api.common.v1.Payload`: no other message has bytes beside a map named metadata. */
function isPayload(value: Node): value is Node & Payload {
  return ArrayBuffer.isView(value['data']) && isNode(value['metadata']);
}
