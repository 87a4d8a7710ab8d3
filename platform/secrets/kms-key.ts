import { ClancyError } from '../../contracts/errors.ts';
import type { DataKeyName, WrappingKey } from './key-service.ts';
import { KEY_BYTES, SealedTextError } from './sealed.ts';

/** How AWS KMS is reached; without an address, at the one of the key's region. */
export interface KmsAccess {
  /** A VPC endpoint; plain http is a development server, which requests are signed for with placeholders. */
  readonly endpoint?: string | undefined;
}

/** An ARN names region and key for good; an alias could be pointed elsewhere, and what it wrapped would be lost. */
const KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[A-Za-z0-9-]+$/;
const WRAPPED = /^kms\.[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)$/;

const CONNECT_MS = 1_000;
/** For one attempt. */
const ATTEMPT_MS = 2_000;
const ATTEMPTS = 3;
/** For all attempts together: a request of ours waits no longer. */
const ALL_MS = 5_000;

/** What KMS answers about the text, not about itself. */
const NOT_ITS_OWN = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

/**
 * A symmetric key of AWS KMS. The organisation and the purpose are the encryption context, which KMS binds to the
 * ciphertext and writes to CloudTrail; it holds no secret. Needs `kms:Encrypt` and `kms:Decrypt` on the key.
 * Undefined: the text is no ARN of a key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
export function createKmsKey(kid: string, arn: string, { endpoint }: KmsAccess): WrappingKey | undefined {
  const region = KEY_ARN.exec(arn)?.[1];
  if (region === undefined) return undefined;
  // Loaded when needed: a local key has no use for it.
  let opened: ReturnType<typeof open> | undefined;
  const open = async () => {
    const { DecryptCommand, EncryptCommand, KMSClient } = await import('@aws-sdk/client-kms');
    return { client: new KMSClient(settings), DecryptCommand, EncryptCommand };
  };
  const settings = {
    region,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ATTEMPT_MS, throwOnRequestTimeout: true },
    ...(endpoint !== undefined && { endpoint }),
    ...(endpoint?.startsWith('http:') && { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  };
  const options = () => ({ abortSignal: AbortSignal.timeout(ALL_MS) });
  return {
    kid,
    wrap: async (name, Plaintext) => {
      const { client, EncryptCommand } = await (opened ??= open());
      const command = new EncryptCommand({ KeyId: arn, Plaintext, EncryptionContext: contextOf(name) });
      const { CiphertextBlob } = await client.send(command, options()).catch(rethrow);
      if (!CiphertextBlob) throw unavailable('no_ciphertext');
      return `kms.${kid}.${Buffer.from(CiphertextBlob).toString('base64url')}`;
    },
    unwrap: async (name, wrapped) => {
      const blob = WRAPPED.exec(wrapped)?.[1];
      if (blob === undefined) throw new SealedTextError();
      const { client, DecryptCommand } = await (opened ??= open());
      const CiphertextBlob = Buffer.from(blob, 'base64url');
      const command = new DecryptCommand({ KeyId: arn, CiphertextBlob, EncryptionContext: contextOf(name) });
      const { Plaintext } = await client.send(command, options()).catch(rethrow);
      if (Plaintext?.length !== KEY_BYTES) throw new SealedTextError();
      return Buffer.from(Plaintext);
    },
  };
}

function contextOf({ orgId, kid }: DataKeyName): { [name: string]: string } {
  return { purpose: 'clancy-data-key', organisation: orgId, data_key: kid };
}

function rethrow(error: unknown): never {
  const name = error instanceof Error ? error.name : 'unknown';
  if (NOT_ITS_OWN.has(name)) throw new SealedTextError();
  throw unavailable(name);
}

/** By name alone: what the client says besides may name accounts and roles. */
function unavailable(reason: string): ClancyError {
  return new ClancyError('key_service_unavailable', 'The key service gives no key right now.', {
    next: 'Try again in a moment.',
    retryAfterMs: 2_000,
    cause: new Error(`AWS KMS: ${reason}`),
  });
}
