import { z } from 'zod';
import { webUiLinks } from './links.ts';
import { pageOf } from './page.ts';

export const connectionAnswer = z.looseObject({
  connection_id: z.string(),
  provider: z.string(),
  account_name: z.string(),
  status: z.string(),
  scopes: z.array(z.string()).default([]),
});
export type ConnectionAnswer = z.infer<typeof connectionAnswer>;

export const connectionPageAnswer = pageOf(connectionAnswer);
/** What the OAuth callback answers to a program. */
export const connectedAnswer = z.looseObject({
  connection_id: z.string(),
  provider: z.string(),
  account_name: z.string(),
  scopes: z.array(z.string()),
});
export type ConnectedAnswer = z.infer<typeof connectedAnswer>;

export const launchAnswer = z.looseObject({ url: z.url({ protocol: /^https?$/ }) });

export const receiptAnswer = z.looseObject({
  call_id: z.string(),
  run_id: z.string(),
  employee_id: z.string(),
  employee_version: z.int().optional(),
  capability: z.string(),
  capability_version: z.int().optional(),
  connection_id: z.string(),
  digest: z.string().optional(),
  /** JSON text of the parameters, long texts cut. */
  parameters_summary: z.string().default(''),
  links: webUiLinks.optional(),
  initiator: z.looseObject({ type: z.string(), id: z.string() }).optional(),
  approval_id: z.string().nullish(),
  edited_by: z.string().nullish(),
  provider_effect_id: z.string().nullish(),
  outcome: z.string(),
  error_code: z.string().nullish(),
  attempts: z
    .array(z.looseObject({ at: z.string(), outcome: z.string(), latency_ms: z.number(), code: z.string().nullish() }))
    .default([]),
  cost_units: z.int().optional(),
  latency_ms: z.number().nullish(),
  resolution: z.string().nullish(),
  resolved_by: z.string().nullish(),
  resolved_at: z.string().nullish(),
  created_at: z.string(),
});
export type ReceiptAnswer = z.infer<typeof receiptAnswer>;

export const receiptPageAnswer = pageOf(receiptAnswer);

export const receivingAnswer = z.looseObject({ connection_id: z.string(), receiving: z.boolean() });

export const webhookEventAnswer = z.looseObject({
  event_id: z.string(),
  provider: z.string(),
  type: z.string(),
  state: z.string(),
  decision: z.string().nullish(),
  attempts: z.int(),
  last_error: z.string().nullish(),
  received_at: z.string(),
});
export const webhookEventPageAnswer = pageOf(webhookEventAnswer);

export const capabilityAnswer = z.looseObject({
  capability: z.string(),
  version: z.int(),
  title: z.string(),
  description: z.string(),
  permission: z.string(),
  risk: z.string(),
  cost: z.int().optional(),
  deprecated: z
    .looseObject({ since: z.string(), replacement: z.string().optional(), removed_after: z.string().optional() })
    .optional(),
  scopes: z.array(z.string()),
  input_schema: z.looseObject({}),
});
export type CapabilityAnswer = z.infer<typeof capabilityAnswer>;

export const catalogueAnswer = z.looseObject({
  providers: z.array(
    z.looseObject({
      provider: z.string(),
      title: z.string(),
      capabilities: z.array(capabilityAnswer),
      connections: z.array(
        z.looseObject({ connection_id: z.string(), account_name: z.string(), status: z.string(), scopes: z.array(z.string()) }),
      ),
    }),
  ),
});
export type CatalogueAnswer = z.infer<typeof catalogueAnswer>;

export const healthAnswer = z.looseObject({ status: z.string().optional() });
