import { z } from 'zod';

const team = z.string().min(1);
const method = z.string().min(1);

const faultTarget = {
  team,
  method,
  when: z.enum(['before', 'after']).default('before'),
  nth: z.number().int().min(1).default(1),
  times: z.number().int().min(1).default(1),
};

/** Body of `POST /_sandbox/faults`. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...faultTarget,
    kind: z.literal('status'),
    status: z.number().int().min(400).max(599),
    /** Seconds, sent as `Retry-After`. */
    retry_after: z.number().int().min(0).optional(),
  }),
  z.strictObject({ ...faultTarget, kind: z.literal('error'), error: z.string().min(1) }),
  z.strictObject({ ...faultTarget, kind: z.literal('delay'), delay_ms: z.number().int().min(1).max(600_000) }),
  z.strictObject({ ...faultTarget, kind: z.literal('hang') }),
  z.strictObject({ ...faultTarget, kind: z.literal('reset') }),
  z.strictObject({ ...faultTarget, kind: z.literal('garbage') }),
  z.strictObject({ ...faultTarget, kind: z.literal('half') }),
]);
export type FaultInput = z.input<typeof faultSchema>;

export const barrierSpecSchema = z.strictObject({ team, method, after_effect: z.boolean().default(true) });
export type BarrierInput = z.input<typeof barrierSpecSchema>;

export const releaseSchema = z.strictObject({ outcome: z.enum(['answer', 'drop']).default('answer') });

export const barrierStateSchema = z.object({
  id: z.string(),
  team: z.string(),
  method: z.string(),
  after_effect: z.boolean(),
  state: z.enum(['waiting', 'held', 'released']),
  request_id: z.string().nullable(),
});
export type BarrierView = z.infer<typeof barrierStateSchema>;

export const requestRecordSchema = z.object({
  sequence: z.number(),
  provider: z.string(),
  team: z.string().nullable(),
  method: z.string(),
  request_id: z.string(),
  at: z.string(),
  args: z.record(z.string(), z.unknown()),
  status: z.number().nullable(),
  fault: z.string().nullable(),
});
export type RequestView = z.infer<typeof requestRecordSchema>;

export const issuedTokenSchema = z.object({
  value: z.string(),
  kind: z.enum(['access', 'refresh']),
  provider: z.string(),
  team: z.string(),
  subject: z.string(),
  scopes: z.array(z.string()),
  state: z.enum(['live', 'used', 'revoked']),
});
export type IssuedTokenView = z.infer<typeof issuedTokenSchema>;
