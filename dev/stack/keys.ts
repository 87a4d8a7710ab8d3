import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { openStateFolder } from '../issuers/state-folder.ts';

const keysSchema = z.strictObject({
  /** JSON text of Agent-Core's private Ed25519 JWK. */
  signingKey: z.string(),
  /** `kid:base64`, as KEY_ENCRYPTION_KEY. */
  coreKeyEncryptionKey: z.string(),
  hubKeyEncryptionKey: z.string(),
  /** base64 of 32 bytes, as ORG_CONTEXT_KEY. */
  orgContextKey: z.string(),
  coreDbPassword: z.string(),
  hubDbPassword: z.string(),
  slackClientSecret: z.string(),
  quickbooksClientSecret: z.string(),
  gmailClientSecret: z.string(),
  stripeClientSecret: z.string(),
  githubClientSecret: z.string(),
  calendarClientSecret: z.string(),
});

/** Every secret of one development stack. Made at random once, kept in a folder that only its user can read. */
export type StackKeys = z.infer<typeof keysSchema>;

/** Reads the keys of the stack in `dir`, making them at its first start: what is in its database stays readable. */
export async function loadStackKeys(dir: string): Promise<StackKeys> {
  const folder = await openStateFolder(dir);
  const stored = keysSchema.partial().safeParse(await folder.read('stack-keys.json'));
  // A folder of an earlier version lacks the newer keys: it gets them, and keeps those that its database was written with.
  const keys = keysSchema.parse({ ...makeKeys(), ...stored.data });
  await folder.write('stack-keys.json', keys);
  return keys;
}

function makeKeys(): StackKeys {
  const random = (bytes: number) => randomBytes(bytes);
  return {
    signingKey: JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
    coreKeyEncryptionKey: `dev-core:${random(32).toString('base64')}`,
    hubKeyEncryptionKey: `dev-hub:${random(32).toString('base64')}`,
    orgContextKey: random(32).toString('base64'),
    coreDbPassword: random(24).toString('hex'),
    hubDbPassword: random(24).toString('hex'),
    slackClientSecret: random(16).toString('hex'),
    quickbooksClientSecret: random(16).toString('hex'),
    gmailClientSecret: random(16).toString('hex'),
    calendarClientSecret: random(16).toString('hex'),
    githubClientSecret: random(20).toString('hex'),
    stripeClientSecret: `sk_test_${random(16).toString('hex')}`,
  };
}
