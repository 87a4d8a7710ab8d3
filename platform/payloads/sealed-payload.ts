import type { Payload } from '@temporalio/common';
import { decryptBytes, encryptBytes, SealedTextError } from '../secrets/sealed.ts';
import type { PayloadKey } from './payload-key.ts';

/** The word by which Temporal's own samples, its Web UI and its command know an encrypted payload. */
const ENCODING = 'binary/encrypted';
const CIPHER = 'A256GCM/v1';
const ORG_ID = /^[A-Za-z0-9_-]{1,100}$/;
const KID = /^[A-Za-z0-9_-]{1,64}$/;
const LENGTH_BYTES = 4;

/** Encrypts a payload, its metadata included. What names the key stays readable, and is authenticated. */
export function sealPayload(payload: Payload, { orgId, kid, key }: PayloadKey): Payload {
  const metadata = { encoding: ENCODING, cipher: CIPHER, org_id: orgId, kid };
  return { metadata: mapValues(metadata, Buffer.from), data: encryptBytes(key, aadOf({ orgId, kid }), packPayload(payload)) };
}

/** Which key a payload says it is sealed with; undefined for one that is not encrypted. Throws {@link SealedTextError}. */
export function sealedWith(payload: Payload): { orgId: string; kid: string } | undefined {
  const text = (name: string): string => Buffer.from(payload.metadata?.[name] ?? []).toString('utf8');
  if (text('encoding') !== ENCODING) return undefined;
  const [orgId, kid] = [text('org_id'), text('kid')];
  if (text('cipher') !== CIPHER || !ORG_ID.test(orgId) || !KID.test(kid)) throw new SealedTextError();
  return { orgId, kid };
}

/** Opens what {@link sealPayload} made, of this very organisation and key. Throws {@link SealedTextError}. */
export function openPayload(payload: Payload, { orgId, kid, key }: PayloadKey): Payload {
  return unpackPayload(decryptBytes(key, aadOf({ orgId, kid }), Buffer.from(payload.data ?? [])));
}

function aadOf({ orgId, kid }: { orgId: string; kid: string }): string {
  return `${CIPHER}|${orgId}|${kid}`;
}

/** A payload as bytes: length of the metadata as JSON, the metadata, the data. */
export function packPayload({ metadata, data }: Payload): Buffer {
  const head = Buffer.from(JSON.stringify(mapValues(metadata ?? {}, (value) => Buffer.from(value).toString('base64'))));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, data ?? Buffer.alloc(0)]);
}

/** What {@link packPayload} made. @throws Error for anything else */
export function unpackPayload(packed: Buffer): Payload {
  const start = LENGTH_BYTES + packed.readUInt32BE(0);
  const head = JSON.parse(packed.toString('utf8', LENGTH_BYTES, start)) as Record<string, string>;
  return { metadata: mapValues(head, (value) => Buffer.from(value, 'base64')), data: packed.subarray(start) };
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
