import type { DataConverter } from '@temporalio/common';
import type { CoreDatabase } from '../../db/client.ts';
import { dataConverterFor } from '../../platform/payloads/data-converter.ts';
import { createHistoryDecoder, type DecodeHistory } from '../../platform/payloads/decode-history.ts';
import { createPayloadCodec } from '../../platform/payloads/payload-codec.ts';
import { isEncrypted } from '../../platform/payloads/setting.ts';
import type { PayloadBlobs } from '../../platform/payloads/blob-storage.ts';
import type { PayloadKeys } from '../../platform/payloads/payload-key.ts';
import { createDataKeys } from '../../platform/secrets/data-keys.ts';
import { createBlobs, type Blobs } from '../blobs/blobs.ts';
import { createStore, keepMsOf, type BlobConfig } from '../blobs/setting.ts';
import type { BlobStore } from '../blobs/store/blob-store.ts';
import type { ApiConfig } from '../config.ts';
import { createCoreDataKeyStore } from '../identity/data-key-store.ts';
import { createCorePayloadBlobs, createResolver } from './payload-blobs.ts';
import { createCorePayloadKeys, type OrgPayloadKeys } from './payload-keys.ts';

/** What Agent-Core needs to write and read the payloads of workflows. */
export interface Payloads {
  encrypts: boolean;
  keys: PayloadKeys & OrgPayloadKeys;
  /** For its Temporal client and its own worker. */
  dataConverter: DataConverter;
  decodeHistory: DecodeHistory;
  /** Where what is too large for Temporal stands, and files beside it. */
  blobs: Blobs;
  blobStore: BlobStore;
  payloadBlobs: PayloadBlobs;
}

export function createPayloads(
  config: Pick<ApiConfig, 'CLANCY_MODE' | 'PAYLOAD_ENCRYPTION' | 'keyService' | keyof BlobConfig>,
  db: CoreDatabase,
  namespace: string,
): Payloads {
  const encrypts = isEncrypted(config);
  const dataKeys = createDataKeys({ keyService: config.keyService, dataKeys: createCoreDataKeyStore(db) });
  const keys = createCorePayloadKeys({ jobs: db.jobs, dataKeys });
  const codec = createPayloadCodec({ keys, encrypts });
  const blobStore = createStore(config);
  const blobs = createBlobs({ db, store: blobStore, dataKeys, keepMs: keepMsOf(config), now: () => new Date() });
  const payloadBlobs = createCorePayloadBlobs(blobs, keys.orgOfWorkflow);
  return {
    encrypts,
    keys,
    blobs,
    blobStore,
    payloadBlobs,
    dataConverter: dataConverterFor(codec, { encrypts, blobs: payloadBlobs }),
    decodeHistory: createHistoryDecoder(codec, namespace, createResolver(payloadBlobs, keys.orgOfWorkflow)),
  };
}
