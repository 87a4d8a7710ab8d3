import { addressParser, decodeWords } from 'postal-mime';
import { z } from 'zod';

/** Shapes of Gmail's objects, as far as we look at them. https://developers.google.com/workspace/gmail/api/reference/rest */

const partSchema = z.looseObject({
  mimeType: z.string().default(''),
  filename: z.string().default(''),
  headers: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]),
  body: z.looseObject({ size: z.int().default(0), data: z.string().optional() }).optional(),
  get parts(): z.ZodOptional<z.ZodArray<typeof partSchema>> {
    return z.array(partSchema).optional();
  },
});
export type Part = z.infer<typeof partSchema>;

export const stubSchema = z.looseObject({ id: z.string(), threadId: z.string() });
export const messageSchema = stubSchema.extend({
  labelIds: z.array(z.string()).default([]),
  snippet: z.string().default(''),
  /** Milliseconds since the epoch, as text. */
  internalDate: z.string().regex(/^\d{1,15}$/),
  payload: partSchema.optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** Without a hit Gmail leaves the list out. */
export const foundSchema = z.looseObject({ messages: z.array(stubSchema).default([]), nextPageToken: z.string().optional() });
export const draftsSchema = z.looseObject({
  drafts: z.array(z.looseObject({ id: z.string(), message: stubSchema })).default([]),
});
export const labelsSchema = z.looseObject({
  labels: z.array(z.looseObject({ id: z.string(), name: z.string(), type: z.string().optional() })).default([]),
});
/** A thread as `format=minimal` tells it: its messages, oldest first. */
export const threadSchema = z.looseObject({ id: z.string(), messages: z.array(stubSchema).default([]) });

/** Header values from outside are looked at up to here. */
const MAX_HEADER_LENGTH = 10_000;

/** The first header of that name, or nothing; on one line, with encoded words read. */
export function headerOf({ payload }: Pick<Message, 'payload'>, name: string): string {
  const value = payload?.headers.find((one) => one.name.toLowerCase() === name.toLowerCase())?.value ?? '';
  return decodeWords(value.slice(0, MAX_HEADER_LENGTH)).replaceAll(CONTROLS, ' ').trim();
}

const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;

export interface Mailbox {
  name: string;
  address: string;
}

/** The addresses of a header. */
export function addressesOf(message: Pick<Message, 'payload'>, name: string): Mailbox[] {
  return addressParser(headerOf(message, name), { flatten: true }).flatMap(({ name: title, address }) =>
    address === undefined || address === '' ? [] : [{ name: title, address }],
  );
}

/** Message ids in a header, in order; whatever else stands there is left out. */
export function messageIdsIn(message: Pick<Message, 'payload'>, name: string): string[] {
  return headerOf(message, name).match(/<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>/g) ?? [];
}
