import { KEY_BYTES, kidOf, openWith, SealedTextError, sealWith } from './sealed.ts';

/** The data key that is wrapped: bound in, so that a wrapped key cannot be moved to another organisation. */
export type DataKeyName = { readonly orgId: string; readonly kid: string };

/** Wraps data keys with a key that never leaves it: a local key, AWS KMS, Vault transit. */
export type KeyService = {
  /** Id of the key that wraps. */
  readonly kid: string;
  /** Whether it has the key with this id. */
  readonly unwraps: (kid: string) => boolean;
  readonly wrap: (name: DataKeyName, key: Buffer) => Promise<string>;
  /** Rejects with `SealedTextError` for what it did not wrap under this name. */
  readonly unwrap: (name: DataKeyName, wrapped: string) => Promise<Buffer>;
};

/**
 * A key service over keys in the configuration, `kid:base64` of 32 bytes each. The first wraps; further ones,
 * separated by commas, only unwrap, so that old rows stay readable while they are wrapped anew.
 * @throws TypeError without the text.
 */
export function createLocalKeyService(keyEncryptionKeys: string): KeyService {
  const keys = keyEncryptionKeys.split(',').map(parseKey);
  const current = keys[0];
  const byKid = new Map(keys.map(({ kid, key }) => [kid, key]));
  if (current === undefined || byKid.size !== keys.length) throw new TypeError('key encryption keys need distinct ids');
  return {
    kid: current.kid,
    unwraps: (kid) => byKid.has(kid),
    wrap: async (name, key) => sealWith(current.key, current.kid, aadOf(name), key),
    unwrap: async (name, wrapped) => {
      const key = byKid.get(kidOf(wrapped));
      if (key === undefined) throw new SealedTextError();
      return openWith(key, aadOf(name), wrapped);
    },
  };
}

function parseKey(text: string): { kid: string; key: Buffer } {
  const [, kid, base64] = /^\s*([A-Za-z0-9_-]{1,64}):([A-Za-z0-9+/]+={0,2})\s*$/.exec(text) ?? [];
  const key = Buffer.from(base64 ?? '', 'base64');
  if (kid === undefined || key.length !== KEY_BYTES) {
    throw new TypeError(`a key encryption key is written kid:base64 and holds ${KEY_BYTES} bytes`);
  }
  return { kid, key };
}

function aadOf({ orgId, kid }: DataKeyName): string {
  return `data-key|${orgId}|${kid}`;
}
