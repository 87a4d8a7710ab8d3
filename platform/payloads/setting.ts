import { z } from 'zod';
import type { Mode } from '../config.ts';

/** `PAYLOAD_ENCRYPTION`: whether what Temporal stores is encrypted. On unless a development stack leaves it off. */
export const payloadEncryptionSchema = z.enum(['on', 'off']).optional();

interface Setting {
  CLANCY_MODE: Mode;
  PAYLOAD_ENCRYPTION?: 'on' | 'off' | undefined;
}

export function isEncrypted({ CLANCY_MODE: mode, PAYLOAD_ENCRYPTION: setting }: Setting): boolean {
  return setting === undefined ? mode !== 'development' : setting === 'on';
}

/** For `refine` of a process's schema: no mode but development may leave it off. */
export function mayBePlain(setting: Setting): boolean {
  return setting.CLANCY_MODE === 'development' || isEncrypted(setting);
}

export const PLAIN_REFUSED = {
  path: ['PAYLOAD_ENCRYPTION'],
  message: 'off is refused outside development: who reads Temporal would read runs and their tickets',
};
