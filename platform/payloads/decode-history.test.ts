import { randomBytes } from 'node:crypto';
import { ApplicationFailure, defaultPayloadConverter, type Payload } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../run-events/history-event.ts';
import { createHistoryDecoder } from './decode-history.ts';
import { failureConverter } from './failure-converter.mjs';
import { createPayloadCodec } from './payload-codec.ts';
import { derivePayloadKey, type PayloadKeys } from './payload-key.ts';

const RUN = 'emp:0123456789abcdefghjkmnpqrs_v1:2026-11-23T10:00:00.000Z';
const CONTEXT = { type: 'workflow', namespace: 'clancy', workflowId: RUN } as const;
const key = derivePayloadKey('org_a', { kid: 'k1', key: randomBytes(32) });
const known: PayloadKeys = { inUse: async () => key, named: async () => key };
const codec = createPayloadCodec({ keys: known, encrypts: true });
const decode = createHistoryDecoder(codec, 'clancy');

const seal = async (payload: Payload): Promise<Payload> => (await codec.encode([payload], CONTEXT))[0]!;
const sealed = (value: unknown): Promise<Payload> => seal(defaultPayloadConverter.toPayload(value));
const eventOf = (attributes: object) => ({ eventId: 1, ...attributes }) as unknown as HistoryEvent;

test('payloads are decoded wherever they stand: inputs, results, markers, memos', async () => {
  const plain = defaultPayloadConverter.toPayload('as it is');
  const events = [
    eventOf({
      workflowExecutionStartedEventAttributes: {
        input: { payloads: [await sealed({ a: 1 }), plain] },
        memo: { fields: { org_id: await sealed('org_a') } },
      },
    }),
    eventOf({ markerRecordedEventAttributes: { details: { result: { payloads: [await sealed('burst')] } } } }),
  ];
  const [started, marker] = await decode(RUN, events);
  const { input, memo } = started!.workflowExecutionStartedEventAttributes!;
  expect(input!.payloads!.map((one) => defaultPayloadConverter.fromPayload(one))).toEqual([{ a: 1 }, 'as it is']);
  expect(defaultPayloadConverter.fromPayload(memo!.fields!['org_id']!)).toBe('org_a');
  const [result] = marker!.markerRecordedEventAttributes!.details!['result']!.payloads!;
  expect(defaultPayloadConverter.fromPayload(result!)).toBe('burst');
});

test('a failure and its causes have their words again', async () => {
  const error = ApplicationFailure.create({ message: 'what happened', type: 'internal', cause: new Error('and why') });
  const failure = failureConverter.errorToFailure(error, defaultPayloadConverter);
  expect(JSON.stringify(failure.message)).not.toContain('what happened');
  failure.encodedAttributes = await seal(failure.encodedAttributes!);
  failure.cause!.encodedAttributes = await seal(failure.cause!.encodedAttributes!);
  const [event] = await decode(RUN, [eventOf({ workflowExecutionFailedEventAttributes: { failure } })]);
  expect(event!.workflowExecutionFailedEventAttributes!.failure).toMatchObject({
    message: 'what happened',
    cause: { message: 'and why' },
  });
});

test('what cannot be opened stays as it is; a key that cannot be asked for now is an error', async () => {
  const garbage: Payload = { metadata: (await sealed('x')).metadata!, data: randomBytes(40) };
  const [event] = await decode(RUN, [
    eventOf({ workflowExecutionCompletedEventAttributes: { result: { payloads: [garbage] } } }),
  ]);
  expect(event!.workflowExecutionCompletedEventAttributes!.result!.payloads).toEqual([garbage]);
  const away: PayloadKeys = { inUse: async () => key, named: () => Promise.reject(new Error('away')) };
  const blind = createHistoryDecoder(createPayloadCodec({ keys: away, encrypts: true }), 'clancy');
  const events = [eventOf({ workflowExecutionCompletedEventAttributes: { result: { payloads: [await sealed('x')] } } })];
  await expect(blind(RUN, events)).rejects.toThrow('away');
});
