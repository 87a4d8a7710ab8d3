import { createDataKeys, type DataKey } from './data-keys.ts';
import type { DataKeysConfig } from './data-keys.ts';
import { kidOf, openWith, SealedTextError, sealWith } from './sealed.ts';

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

/** Seals for one organisation, with the key that was in use when it was asked for. */
export type Seal = (context: SecretContext, plaintext: string) => string;

export type SecretBox = {
  /** The secret as `v1.<kid>.<iv>.<ciphertext>.<tag>`. */
  readonly seal: (context: SecretContext, plaintext: string) => Promise<string>;
  /** For whoever must not fail to seal once it has something to seal: what could fail is done here. */
  readonly sealerOf: (orgId: string) => Promise<Seal>;
  /** Rejects with `SealedTextError` for a text that was not sealed for this very place, or with a key that is retired. */
  readonly open: (context: SecretContext, sealed: string) => Promise<string>;
};

/** `opensRetired`: for whoever seals anew what a retired key has sealed. */
export type SecretBoxConfig = DataKeysConfig & { readonly opensRetired?: boolean };

/**
 * Encrypts secrets at rest with a data key per organisation, itself wrapped by the key service. Destroying an
 * organisation's wrapped keys shreds its secrets.
 */
export function createSecretBox(config: SecretBoxConfig): SecretBox {
  const keys = createDataKeys(config);
  return {
    seal: async (context, plaintext) => {
      const aad = aadOf(context);
      return sealBy(await keys.inUse(context.orgId), aad, plaintext);
    },
    sealerOf: async (orgId) => {
      const key = await keys.inUse(orgId);
      return (context, plaintext) => {
        if (context.orgId !== orgId) throw new RangeError('a place of another organisation');
        return sealBy(key, aadOf(context), plaintext);
      };
    },
    open: async (context, sealed) => {
      const aad = aadOf(context);
      const { key, isRetired } = await keys.named(context.orgId, kidOf(sealed));
      if (isRetired && config.opensRetired !== true) throw new SealedTextError();
      return openWith(key, aad, sealed).toString('utf8');
    },
  };
}

function sealBy({ key, kid }: DataKey, aad: string, plaintext: string): string {
  return sealWith(key, kid, aad, Buffer.from(plaintext, 'utf8'));
}

/** Parts are joined by `|`, so none may hold one: two places must never have the same text. */
function aadOf({ purpose, orgId, object, field }: SecretContext): string {
  const parts = [purpose, orgId, object, field];
  if (parts.some((part) => part === '' || part.includes('|'))) throw new RangeError('not the place of a secret');
  return parts.join('|');
}
