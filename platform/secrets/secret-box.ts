import { createDataKeys } from './data-keys.ts';
import type { DataKeysConfig } from './data-keys.ts';
import { kidOf, openWith, sealWith } from './sealed.ts';

/** Where a secret stands. It is bound to this place: a row copied elsewhere does not open. */
export type SecretContext = {
  /** What it is for, such as `connection-token`. */
  readonly purpose: string;
  readonly orgId: string;
  /** The connection or other object that it belongs to. */
  readonly object: string;
  /** The column. */
  readonly field: string;
};

export type SecretBox = {
  /** The secret as `v1.<kid>.<iv>.<ciphertext>.<tag>`. */
  readonly seal: (context: SecretContext, plaintext: string) => Promise<string>;
  /** Rejects with `SealedTextError` for a text that was not sealed for this very place. */
  readonly open: (context: SecretContext, sealed: string) => Promise<string>;
};

/**
 * Encrypts secrets at rest with a data key per organisation, itself wrapped by the key service. Destroying an
 * organisation's wrapped keys shreds its secrets.
 */
export function createSecretBox(config: DataKeysConfig): SecretBox {
  const keys = createDataKeys(config);
  return {
    seal: async (context, plaintext) => {
      const aad = aadOf(context);
      const { kid, key } = await keys.inUse(context.orgId);
      return sealWith(key, kid, aad, Buffer.from(plaintext, 'utf8'));
    },
    open: async (context, sealed) => {
      const aad = aadOf(context);
      const { key } = await keys.named(context.orgId, kidOf(sealed));
      return openWith(key, aad, sealed).toString('utf8');
    },
  };
}

/** Parts are joined by `|`, so none may hold one: two places must never have the same text. */
function aadOf({ purpose, orgId, object, field }: SecretContext): string {
  const parts = [purpose, orgId, object, field];
  if (parts.some((part) => part === '' || part.includes('|'))) throw new RangeError('not the place of a secret');
  return parts.join('|');
}
