import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { createBlobStorage, type PayloadBlobs } from './blob-storage.ts';

/** For `failureConverterPath` of clients, workers and the bundle of the workflows. */
export const FAILURE_CONVERTER_PATH = fileURLToPath(new URL('./failure-converter.mjs', import.meta.url));
/** Stands in that file, and so in a bundle that was made with it. */
const MARKER = 'clancy-encodes-failures';

/** How clients and workers turn values into payloads, and where the large ones stand. */
export function dataConverterFor(
  codec: PayloadCodec,
  { encrypts, blobs }: { encrypts: boolean; blobs: PayloadBlobs },
): DataConverter {
  const failures = encrypts && { failureConverterPath: FAILURE_CONVERTER_PATH };
  return { payloadCodecs: [codec], externalStorage: createBlobStorage(blobs), ...failures };
}

/**
 * What workflows fail with is made ready for encryption inside their bundle, not by the worker.
 * @throws Error for a bundle that was made without it.
 */
export async function assertEncodesFailures(codePath: string): Promise<void> {
  if ((await readFile(codePath, 'utf8')).includes(MARKER)) return;
  throw new Error(
    'WORKFLOW_BUNDLE_PATH: this bundle was made for unencrypted payloads: messages of failures would stand in the open. ' +
      'Bundle the workflows with `encodesFailures`, or leave the variable out.',
  );
}
