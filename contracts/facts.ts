import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';
import { MEMORY_KINDS, MEMORY_SCOPES } from './memory.ts';

/** What a kind of fact says. `version` is raised when a field changes its meaning or goes; old facts keep theirs. */
interface FactSchema {
  readonly version: number;
  readonly about: string;
  readonly data: z.ZodObject;
}

const executionId = z.uuid();
const runEnded = z.strictObject({
  execution_id: executionId,
  status: z.enum(['completed', 'failed', 'interrupted']).describe('as in the executionResult'),
  error_code: z.string().nullable().describe('why it failed or was stopped'),
  capabilities_used: z.array(z.string()).describe('short form, such as slack.post'),
});

/**
 * The kinds of the FactStream. Each is checked where it is written: an unknown field, or a missing one, writes nothing. Which
 * employee and which run a fact is about stands beside its data.
 */
export const FACT_SCHEMAS = {
  GraphDefined: {
    version: 1,
    about: 'a version of an employee was made; it never changes',
    data: z.strictObject({
      version: z.int().min(1),
      content_hash: z.string().describe('SHA-256 of the definition'),
      capabilities: jsonObjectSchema.describe('what the catalogue said of its capabilities at that moment'),
    }),
  },
  EmployeeActivated: {
    version: 1,
    about: 'an employee works by this version from now on',
    data: z.strictObject({
      version: z.int().min(1),
      connections: z.record(z.string(), z.string()).describe('the connection that was chosen for each provider'),
    }),
  },
  EmployeeRetired: {
    version: 1,
    about: 'an employee works no more',
    data: z.strictObject({ version: z.int().min(1).nullable().describe('the version that was active') }),
  },
  GrantRevoked: {
    version: 1,
    about: 'an employee may not use a capability any more',
    data: z.strictObject({ capability: z.string().describe('qualified: slack/slack.post') }),
  },
  RunRequested: {
    version: 1,
    about: 'a run was accepted',
    data: z.strictObject({
      execution_id: executionId,
      trigger: z.string().describe('direct_command, schedule, external_event or internal_event'),
      retry_of: z.string().optional().describe('the run that it goes on from'),
    }),
  },
  RunCompleted: { version: 1, about: 'a run came to its end', data: runEnded },
  RunFailed: { version: 1, about: 'a run failed', data: runEnded },
  RunInterrupted: { version: 1, about: 'a run was cancelled, terminated or stopped by a limit', data: runEnded },
  ApprovalRequested: {
    version: 1,
    about: 'a run asks people',
    data: z.strictObject({ approval_id: z.uuid(), call_id: z.string().nullable().describe('null: a question without a call') }),
  },
  ApprovalDecided: {
    version: 1,
    about: 'people answered',
    data: z.strictObject({
      approval_id: z.uuid(),
      status: z.enum(['approved', 'rejected']),
      decided_by: z.string().nullable(),
      edited: z.literal(true).optional().describe('approved with other parameters than were asked for'),
    }),
  },
  ApprovalExpired: {
    version: 1,
    about: 'nobody answered in time',
    data: z.strictObject({ approval_id: z.uuid() }),
  },
  ApprovalReminded: {
    version: 1,
    about: 'people were reminded of an approval',
    data: z.strictObject({ approval_id: z.uuid(), number: z.int().min(1) }),
  },
  MemoryWritten: {
    version: 1,
    about: 'something is remembered that was not known, or known otherwise, or was forgotten',
    data: z.strictObject({
      memory_id: z.uuid(),
      version: z.int().min(1),
      scope: z.enum(MEMORY_SCOPES),
      kind: z.enum(MEMORY_KINDS),
      change: z.enum(['created', 'changed', 'forgotten']),
      writer: z.enum(['person', 'run']),
    }),
  },
  ReceiptResolved: {
    version: 1,
    about: 'a person said what became of a call of unknown outcome',
    data: z.strictObject({ call_id: z.string(), resolution: z.enum(['happened', 'did_not_happen']) }),
  },
  ConnectionChanged: {
    version: 1,
    about: 'an account was connected, needs a person, or was disconnected',
    data: z.strictObject({
      connection_id: z.string(),
      provider: z.string(),
      account_id: z.string(),
      account_name: z.string(),
      status: z.enum(['active', 'needs_reauth', 'disconnected']),
      token_kind: z.enum(['bot', 'user']),
      reason: z.string().optional(),
    }),
  },
  TriggerDecided: {
    version: 1,
    about: 'the supervisor, or a person, decided whose a trigger is',
    data: z.strictObject({
      trigger_id: z.uuid(),
      source: z.string().describe('webhook, person or fact'),
      type: z.string().nullable().describe('the event, such as slack.message'),
      decision: z.string(),
      rule: z.string(),
      runs: z.array(z.string()).describe('what it started'),
    }),
  },
} as const satisfies { [kind: string]: FactSchema };

export type FactKind = keyof typeof FACT_SCHEMAS;
export type FactData<K extends FactKind> = z.input<(typeof FACT_SCHEMAS)[K]['data']>;

export const FACT_KINDS = Object.keys(FACT_SCHEMAS) as [FactKind, ...FactKind[]];

/** A fact as `GET /v1/facts` and its stream show it. */
export const factSchema = z.strictObject({
  seq: z.int().min(1).describe('1, 2, 3 ... in the organisation, in the order in which facts came to stand: no gaps'),
  fact_id: z.uuid(),
  kind: z.string().describe(FACT_KINDS.join(', ')),
  schema_version: z.int().min(1).describe("of the kind's data"),
  employee_id: z.string().nullable(),
  run_id: z.string().nullable(),
  data: jsonObjectSchema,
  at: z.iso.datetime().describe('when its transaction began'),
});
export type Fact = z.infer<typeof factSchema>;
