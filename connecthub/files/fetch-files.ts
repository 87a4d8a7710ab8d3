import { fileReferencesIn } from '../../contracts/files.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { BlobError, type BlobClient } from '../../platform/blobs/client.ts';
import type { FileContents } from '../providers/definition.ts';
import type { Call } from '../proxy/call.ts';

/** Of all files of a call together, in bytes: what the largest mail takes. */
const MAX_TOTAL_BYTES = 25 * 1024 * 1024;

/**
 * The bytes of the files that a call refers to, from Agent-Core. They are the organisation's own: the run says whose.
 *
 * @throws ClancyError `parameters_invalid` for a file that is not there or too large, `dependency_unavailable`
 */
export async function fetchFiles(blobs: Pick<BlobClient, 'get'>, call: Call): Promise<FileContents> {
  const files = new Map<string, Buffer>();
  let total = 0;
  for (const { blob, name } of fileReferencesIn(call.parameters)) {
    const content = files.get(blob) ?? (await fetchOne(blobs, call.ticket.runId, blob));
    if (!content) throw new ClancyError('parameters_invalid', `There is no file of the hash given for ${name}.`);
    total += content.length;
    if (total > MAX_TOTAL_BYTES) throw new ClancyError('parameters_invalid', 'The files are more than 25 MB together.');
    files.set(blob, content);
  }
  return files;
}

async function fetchOne(blobs: Pick<BlobClient, 'get'>, runId: string, sha256: string): Promise<Buffer | undefined> {
  try {
    return (await blobs.get(runId, sha256))?.content;
  } catch (cause) {
    if (!(cause instanceof BlobError)) throw cause;
    throw new ClancyError('dependency_unavailable', 'The files cannot be fetched right now.', { retryAfterMs: 2_000, cause });
  }
}
