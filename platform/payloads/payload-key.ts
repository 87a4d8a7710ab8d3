import { hkdfSync } from 'node:crypto';
import { KEY_BYTES } from '../secrets/sealed.ts';

/** The key that payloads of one organisation are sealed with. */
export interface PayloadKey {
  orgId: string;
  /** Of the data key behind it. */
  kid: string;
  key: Buffer;
}

/** Where a codec finds keys. Both reject when they cannot be asked for right now. */
export interface PayloadKeys {
  /** The key in use of the organisation whose workflow this is; undefined for a workflow of nobody. */
  inUse(workflowId: string): Promise<PayloadKey | undefined>;
  /**
   * An earlier or the present key of that organisation.
   * @returns undefined when it has none of this id (any more).
   */
  named(workflowId: string, kid: string): Promise<PayloadKey | undefined>;
}

/**
 * The payload key under a data key: HKDF with SHA-256 (RFC 5869), bound to organisation and key id. Workers get this one,
 * and so cannot open what is sealed with the data key itself, such as the secrets of the employees' app clients.
 */
export function derivePayloadKey(orgId: string, dataKey: { kid: string; key: Buffer }): PayloadKey {
  const { kid, key } = dataKey;
  return { orgId, kid, key: Buffer.from(hkdfSync('sha256', key, '', `temporal-payload|${orgId}|${kid}`, KEY_BYTES)) };
}
