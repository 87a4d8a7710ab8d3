import { ClancyError } from '../../contracts/errors.ts';
import { createKmsKey, type KmsAccess } from './kms-key.ts';
import { createLocalKey } from './local-key.ts';
import { SealedTextError } from './sealed.ts';

/** The data key that is wrapped: bound in, so that a wrapped key cannot be moved to another organisation. */
export type DataKeyName = { readonly orgId: string; readonly kid: string };

/** One key encryption key, wherever it lies. */
export interface WrappingKey {
  /** Our short name for it, which stands in what it wraps. */
  readonly kid: string;
  /** Gives `<form>.<kid>....`, so that the database can tell which key wraps what. */
  wrap(name: DataKeyName, key: Buffer): Promise<string>;
  /** Rejects with `SealedTextError` for what it did not wrap under this name. */
  unwrap(name: DataKeyName, wrapped: string): Promise<Buffer>;
}

/**
 * Wraps data keys with keys that never leave it: keys in the configuration, or AWS KMS. Where it does not answer, `wrap`,
 * `unwrap` and `check` reject with `key_service_unavailable`.
 */
export type KeyService = {
  /** Id of the key that wraps. */
  readonly kid: string;
  /** Whether it has the key with this id. */
  readonly unwraps: (kid: string) => boolean;
  readonly wrap: (name: DataKeyName, key: Buffer) => Promise<string>;
  /** Rejects with `SealedTextError` for what it did not wrap under this name. */
  readonly unwrap: (name: DataKeyName, wrapped: string) => Promise<Buffer>;
  /** Wraps and unwraps a key of no use: resolves where that works. */
  readonly check: () => Promise<void>;
};

/**
 * The key service of a configuration: `kid:base64` of 32 bytes, or `kid:` and the ARN of a symmetric key of AWS KMS. The
 * first wraps; further ones, separated by commas, only unwrap, so that old rows stay readable while they are wrapped anew.
 * Both kinds may stand beside each other, for moving from one to the other.
 *
 * @throws TypeError without the text.
 */
export function createKeyService(keyEncryptionKeys: string, kms: KmsAccess = {}): KeyService {
  const keys = keyEncryptionKeys.split(',').map((text) => parseKey(text, kms));
  const current = keys[0];
  const byKid = new Map(keys.map((key) => [key.kid, key]));
  if (current === undefined || byKid.size !== keys.length) throw new TypeError('key encryption keys need distinct ids');
  return {
    kid: current.kid,
    unwraps: (kid) => byKid.has(kid),
    wrap: (name, key) => current.wrap(name, key),
    unwrap: async (name, wrapped) => {
      const key = byKid.get(wrapped.split('.')[1] ?? '');
      if (key === undefined) throw new SealedTextError();
      return key.unwrap(name, wrapped);
    },
    check: () => check(current),
  };
}

const PROBE = { orgId: 'probe', kid: 'probe' };

async function check(key: WrappingKey): Promise<void> {
  const probe = Buffer.alloc(32, 1);
  const back = await key.unwrap(PROBE, await key.wrap(PROBE, probe));
  if (!back.equals(probe)) throw new ClancyError('key_service_unavailable', 'The key service gives back another key.');
}

function parseKey(text: string, kms: KmsAccess): WrappingKey {
  const [, kid, value] = /^\s*([A-Za-z0-9_-]{1,64}):(\S+)\s*$/.exec(text) ?? [];
  const key =
    kid === undefined || value === undefined ? undefined : (createLocalKey(kid, value) ?? createKmsKey(kid, value, kms));
  if (key) return key;
  throw new TypeError('a key encryption key is written kid:base64 and holds 32 bytes, or kid:ARN of a key of AWS KMS');
}
