import type { DataKeyName, WrappingKey } from './key-service.ts';
import { KEY_BYTES, openWith, sealWith } from './sealed.ts';

/** A key encryption key that stands in the configuration. Undefined: the text is none. */
export function createLocalKey(kid: string, base64: string): WrappingKey | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const key = Buffer.from(base64, 'base64');
  if (key.length !== KEY_BYTES) return undefined;
  return {
    kid,
    wrap: async (name, dataKey) => sealWith(key, kid, aadOf(name), dataKey),
    unwrap: async (name, wrapped) => openWith(key, aadOf(name), wrapped),
  };
}

function aadOf({ orgId, kid }: DataKeyName): string {
  return `data-key|${orgId}|${kid}`;
}
