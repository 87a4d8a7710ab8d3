import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM with a random 96-bit IV and a full tag: NIST SP 800-38D, sections 5.2.1.2 and 8.2.2. */
const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
/** Node accepts tags of 4 bytes unless told: https://nodejs.org/api/crypto.html#cryptocreatedecipherivalgorithm-key-iv-options */
const TAG_BYTES = 16;
export const KEY_BYTES = 32;

const VERSION = 'v1';
const KID = /^[A-Za-z0-9_-]{1,64}$/;
const SEALED = /^v1\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]+)$/;

/** A sealed text that cannot be opened: changed, moved to another place, of another key, or none at all. Says no more. */
export class SealedTextError extends Error {
  constructor() {
    super('the sealed text cannot be opened here');
    this.name = 'SealedTextError';
  }
}

/** Seals bytes as `v1.<kid>.<iv>.<ciphertext>.<tag>`, the parts in base64url. `aad` must be given again to open it. */
export function sealWith(key: Buffer, kid: string, aad: string, plain: Buffer): string {
  if (!KID.test(kid)) throw new RangeError('not a key id');
  const { iv, ciphertext, tag } = encrypt(key, aad, plain);
  const parts = [iv, ciphertext, tag];
  return [VERSION, kid, ...parts.map((part) => part.toString('base64url'))].join('.');
}

/** The key id that a sealed text names. Throws {@link SealedTextError}. */
export function kidOf(sealed: string): string {
  return split(sealed).kid;
}

/** Opens what {@link sealWith} made. Throws {@link SealedTextError}. */
export function openWith(key: Buffer, aad: string, sealed: string): Buffer {
  return decrypt(key, aad, split(sealed));
}

/** The same as bytes: IV, ciphertext, tag. */
export function encryptBytes(key: Buffer, aad: string, plain: Buffer): Buffer {
  const { iv, ciphertext, tag } = encrypt(key, aad, plain);
  return Buffer.concat([iv, ciphertext, tag]);
}

/** Opens what {@link encryptBytes} made. Throws {@link SealedTextError}. */
export function decryptBytes(key: Buffer, aad: string, sealed: Buffer): Buffer {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw new SealedTextError();
  const end = sealed.length - TAG_BYTES;
  const parts = { iv: sealed.subarray(0, IV_BYTES), ciphertext: sealed.subarray(IV_BYTES, end), tag: sealed.subarray(end) };
  return decrypt(key, aad, parts);
}

interface Parts {
  iv: Buffer;
  ciphertext: Buffer;
  tag: Buffer;
}

function encrypt(key: Buffer, aad: string, plain: Buffer): Parts {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(aad, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv, ciphertext, tag: cipher.getAuthTag() };
}

function decrypt(key: Buffer, aad: string, { iv, ciphertext, tag }: Parts): Buffer {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(aad, 'utf8'));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw new SealedTextError();
  }
}

function split(sealed: string) {
  const [, kid, ...encoded] = SEALED.exec(sealed) ?? [];
  const [iv, ciphertext, tag] = encoded.map((part) => Buffer.from(part, 'base64url'));
  if (kid === undefined || !iv || !ciphertext || !tag) throw new SealedTextError();
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) throw new SealedTextError();
  return { kid, iv, ciphertext, tag };
}
