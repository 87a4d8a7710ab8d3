import { createHash } from 'node:crypto';
import { ExternalStorage, StorageDriverClaim, type Payload, type StorageDriver } from '@temporalio/common';
import { SealedTextError } from '../secrets/sealed.ts';
import { packPayload, unpackPayload } from './sealed-payload.ts';

/** Where payloads stand that are too large for Temporal. Both reject when it does not answer. */
export interface PayloadBlobs {
  put(workflowId: string, sha256: string, content: Buffer, signal?: AbortSignal): Promise<void>;
  /** Rejects where there is none. */
  get(workflowId: string, sha256: string, signal?: AbortSignal): Promise<Buffer>;
}

/** Stands in every reference: histories refer to it for as long as they are kept. */
const DRIVER = 'clancy-blobs';

/** What Temporal holds in place of a large payload: the workflow by which its organisation is found, and the hash. */
export interface Claim {
  workflowId: string;
  sha256: string;
}

/**
 * The claim check of the SDK: what is larger than 256 KiB once it is encoded is kept as a blob, and Temporal gets a
 * reference. It comes after the codec, so what is kept is encrypted like everything else.
 */
export function createBlobStorage(blobs: PayloadBlobs): ExternalStorage {
  const driver: StorageDriver = {
    name: DRIVER,
    type: 'clancy.blobs',
    store: ({ target, abortSignal }, payloads) => {
      const workflowId = target?.kind === 'workflow' ? target.id : undefined;
      if (workflowId === undefined) throw new Error('no workflow is known for this payload');
      return Promise.all(
        payloads.map(async (payload) => {
          const content = packPayload(payload);
          const sha256 = hashOf(content);
          await blobs.put(workflowId, sha256, content, abortSignal);
          return new StorageDriverClaim({ workflow_id: workflowId, sha256 });
        }),
      );
    },
    retrieve: ({ abortSignal }, claims) =>
      Promise.all(claims.map(({ claimData }) => fetchPayload(blobs, toClaim(claimData), abortSignal))),
  };
  return new ExternalStorage({ drivers: [driver] });
}

/** The payload that a claim stands for. Rejects with {@link SealedTextError} where it is not what the claim says. */
export async function fetchPayload(
  blobs: Pick<PayloadBlobs, 'get'>,
  { workflowId, sha256 }: Claim,
  signal?: AbortSignal,
): Promise<Payload> {
  const content = await blobs.get(workflowId, sha256, signal);
  if (hashOf(content) !== sha256) throw new SealedTextError();
  return unpackPayload(content);
}

/**
 * The claim in a reference of ours, in the SDK's form (`temporal.api.sdk.v1.ExternalStorageReference` as JSON); undefined for
 * any other payload. For readers of histories that the SDK does not resolve for us. Throws {@link SealedTextError} for a
 * reference that cannot be read.
 */
export function claimIn(payload: Payload): Claim | undefined {
  const word = (name: string): string => Buffer.from(payload.metadata?.[name] ?? []).toString('utf8');
  if (word('encoding') !== 'json/protobuf' || word('messageType') !== 'temporal.api.sdk.v1.ExternalStorageReference')
    return undefined;
  const reference = parse(Buffer.from(payload.data ?? []).toString('utf8'));
  if (reference['driverName'] !== DRIVER) return undefined;
  return toClaim((reference['claimData'] ?? {}) as Record<string, unknown>);
}

function toClaim({ workflow_id: workflowId, sha256 }: Record<string, unknown>): Claim {
  if (typeof workflowId !== 'string' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new SealedTextError();
  }
  return { workflowId, sha256 };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new SealedTextError();
  }
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
