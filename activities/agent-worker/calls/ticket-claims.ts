import { z } from 'zod';
import { ClancyError } from '../../../contracts/errors.ts';

const claimsSchema = z.object({ run_id: z.string(), call_scope: z.string(), plan_hash: z.string() });

/**
 * The claims of a ticket as they are written. Read, not verified: Agent-Core and ConnectHub do that before anything comes of
 * it; a worker holds no key for it.
 * @throws ClancyError `ticket_invalid`.
 */
export function claimsOf(ticket: string): z.infer<typeof claimsSchema> {
  try {
    return claimsSchema.parse(JSON.parse(Buffer.from(ticket.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch (cause) {
    throw new ClancyError('ticket_invalid', 'the run ticket cannot be read', { cause });
  }
}
