import { z } from 'zod';
import { jsonSchema } from '../../../contracts/json.ts';
import { webUiLinks } from './links.ts';
import { pageOf } from './page.ts';

/**
 * What this command reads of an answer. Unknown fields and words are kept: a newer service must not break an older
 * command, so these are looser than the contracts that the services hold themselves to.
 */
export const employeeAnswer = z.looseObject({
  employee_id: z.string(),
  name: z.string(),
  status: z.string(),
  active_version: z.int().nullable(),
  owner_user_id: z.string(),
  needs_owner: z.boolean().default(false),
  labels: z.array(z.string()).default([]),
  created_at: z.string(),
  updated_at: z.string(),
  links: webUiLinks.optional(),
});
export type EmployeeAnswer = z.infer<typeof employeeAnswer>;

const adoptedScheduleAnswer = z.looseObject({
  schedule_id: z.string(),
  cron: z.string(),
  timezone: z.string(),
  timezone_from: z.string(),
  sentence: z.string(),
  status: z.string(),
});
export type AdoptedScheduleAnswer = z.infer<typeof adoptedScheduleAnswer>;

const subscriptionAnswer = z.looseObject({
  type: z.string(),
  filter: z.record(z.string(), z.string()).default({}),
  status: z.string(),
  sentence: z.string(),
});
export type SubscriptionAnswer = z.infer<typeof subscriptionAnswer>;

export const activatedEmployeeAnswer = employeeAnswer.extend({
  schedules: z.array(adoptedScheduleAnswer).default([]),
  subscriptions: z.array(subscriptionAnswer).default([]),
});

export const graphAnswer = z.looseObject({
  graph_id: z.string(),
  nodes: z.array(
    z.looseObject({
      id: z.string(),
      title: z.string().default(''),
      skill_graph: z.string().default(''),
      permissions: z.array(z.string()).default([]),
    }),
  ),
  edges: z.array(
    z.looseObject({ from: z.string(), to: z.string(), when: z.string().optional(), loop: z.boolean().default(false) }),
  ),
});
export type GraphAnswer = z.infer<typeof graphAnswer>;

/** The employee's graph, and the graphs of its skills by id. */
export const versionGraphAnswer = z.looseObject({ graph: graphAnswer, skill_graphs: z.record(z.string(), jsonSchema) });

export const policyRuleAnswer = z.looseObject({
  capability: z.string(),
  effect: z.string(),
  when: z.string().optional(),
  approvers: z.array(z.string()).default([]),
  timeout_seconds: z.number().optional(),
  on_timeout: z.string().optional(),
  reason: z.string().default(''),
  sentence: z.string().optional(),
});
export type PolicyRuleAnswer = z.infer<typeof policyRuleAnswer>;

export const definitionAnswer = z.looseObject({
  graph: graphAnswer,
  skill_graphs: z.record(z.string(), jsonSchema),
  policy: z.array(policyRuleAnswer),
  capabilities: z.array(z.string()),
});

export const explanationAnswer = z.looseObject({
  understood: z.array(
    z.looseObject({ sentence: z.string(), skill: z.string(), capabilities: z.array(z.string()), score: z.number().optional() }),
  ),
  triggers: z.array(
    z.looseObject({
      type: z.string(),
      sentence: z.string().optional(),
      cron: z.string().optional(),
      timezone: z.string().nullish(),
      source: z.string().optional(),
      about: z.string().optional(),
    }),
  ),
  limits: z.array(z.looseObject({ sentence: z.string(), rule: z.string() })),
  not_understood: z.array(z.looseObject({ sentence: z.string(), reason: z.string(), question: z.string().optional() })),
  missing_connections: z.array(z.looseObject({ provider: z.string(), launch: z.string() })),
  model: z
    .looseObject({
      name: z.string(),
      used: z.boolean(),
      reason: z.string().optional(),
      added_skills: z.array(z.looseObject({ skill: z.string(), capabilities: z.array(z.string()) })),
    })
    .optional(),
});
export type ExplanationAnswer = z.infer<typeof explanationAnswer>;

export const createdEmployeeAnswer = employeeAnswer.extend({
  version: z.int(),
  definition: definitionAnswer,
  explanation: explanationAnswer,
});
export const diffAnswer = z.looseObject({
  employee_id: z.string(),
  version: z.int(),
  against: z.int(),
  is_same: z.boolean(),
  summary: z.string(),
  sentences: z.array(z.string()),
});
export type DiffAnswer = z.infer<typeof diffAnswer>;
export type CreatedEmployeeAnswer = z.infer<typeof createdEmployeeAnswer>;

export const versionSummaryAnswer = z.looseObject({
  employee_id: z.string(),
  version: z.int(),
  content_hash: z.string(),
  created_by: z.string(),
  created_at: z.string(),
});

export const versionAnswer = versionSummaryAnswer.extend({
  job_description: z.string(),
  definition: definitionAnswer,
  explanation: explanationAnswer,
});
export type VersionAnswer = z.infer<typeof versionAnswer>;

export const grantAnswer = z.looseObject({
  capability: z.string(),
  connection_id: z.string(),
  granted_by: z.string(),
  granted_at: z.string(),
  revoked_by: z.string().nullish(),
  revoked_at: z.string().nullish(),
});
export type GrantAnswer = z.infer<typeof grantAnswer>;

export const employeePageAnswer = pageOf(employeeAnswer);
export const versionPageAnswer = pageOf(versionSummaryAnswer);
export const grantListAnswer = z.looseObject({ items: z.array(grantAnswer) });
