import { z } from 'zod';

/** For the API's description; whether the key is there is checked where it is used, with a code of its own. */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z.string().optional().describe('Required. The same key and body make the thing once.'),
});
