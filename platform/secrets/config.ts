import { z } from 'zod';
import { createKeyService } from './key-service.ts';

/** The variables of the key service, for the schema of a process; `keyServiceOf` makes it of them. */
export const keyServiceVariables = {
  KEY_ENCRYPTION_KEY: z
    .string()
    .refine(isUsable, 'expected kid:base64 of 32 bytes or kid:ARN of a key of AWS KMS, separated by commas'),
  /** Where AWS KMS is reached, when not at its public address: a VPC endpoint. */
  KMS_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
};

export function keyServiceOf(config: { KEY_ENCRYPTION_KEY: string; KMS_ENDPOINT?: string | undefined }) {
  return createKeyService(config.KEY_ENCRYPTION_KEY, { endpoint: config.KMS_ENDPOINT });
}

function isUsable(text: string): boolean {
  try {
    createKeyService(text);
    return true;
  } catch {
    return false;
  }
}
