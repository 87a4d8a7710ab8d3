import type { CoreJobs } from '../../db/client.ts';
import { createKeyCache } from '../../platform/payloads/key-cache.ts';
import { derivePayloadKey, type PayloadKey, type PayloadKeys } from '../../platform/payloads/payload-key.ts';
import { ownerOf, type WorkflowOwner } from '../../platform/payloads/workflow-owner.ts';
import type { createDataKeys } from '../../platform/secrets/data-keys.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';

/** Keys by organisation, for whoever knows which one it is. */
export interface OrgPayloadKeys {
  /** Makes the organisation's first key when it has none. */
  inUseOf(orgId: string): Promise<PayloadKey>;
  /** Undefined for a workflow of nobody. */
  orgOfWorkflow(workflowId: string): Promise<string | undefined>;
  /** Undefined when the organisation has no key of this id (any more). */
  namedOf(orgId: string, kid: string): Promise<PayloadKey | undefined>;
}

export interface PayloadKeyDeps {
  jobs: Pick<CoreJobs, 'orgOfEmployee' | 'orgOfSchedule'>;
  dataKeys: ReturnType<typeof createDataKeys>;
}

/** Payload keys from Agent-Core's own database: the workflow names an employee or a schedule, that its organisation. */
export function createCorePayloadKeys({ jobs, dataKeys }: PayloadKeyDeps): PayloadKeys & OrgPayloadKeys {
  // Who owns an employee never changes; which key is in use does, and that is looked up anew by `dataKeys`.
  const organisations = createKeyCache<string>();
  const derived = createKeyCache<PayloadKey>();
  const orgOf = ({ kind, id }: WorkflowOwner) =>
    organisations.get(`${kind}|${id}`, () => (kind === 'employee' ? jobs.orgOfEmployee(id) : jobs.orgOfSchedule(id)));

  async function orgOfWorkflow(workflowId: string): Promise<string | undefined> {
    const owner = ownerOf(workflowId);
    return owner && orgOf(owner);
  }
  const derive = async (orgId: string, dataKey: { kid: string; key: Buffer }) => {
    const key = await derived.get(`${orgId}|${dataKey.kid}`, async () => derivePayloadKey(orgId, dataKey));
    return key ?? derivePayloadKey(orgId, dataKey);
  };
  const inUseOf = async (orgId: string) => derive(orgId, await dataKeys.inUse(orgId));
  const namedOf = async (orgId: string, kid: string) => {
    const dataKey = await dataKeys.named(orgId, kid).catch(unlessGone);
    return dataKey && derive(orgId, dataKey);
  };

  return {
    orgOfWorkflow,
    inUseOf,
    namedOf,
    inUse: async (workflowId) => {
      const orgId = await orgOfWorkflow(workflowId);
      return orgId === undefined ? undefined : inUseOf(orgId);
    },
    named: async (workflowId, kid) => {
      const orgId = await orgOfWorkflow(workflowId);
      return orgId === undefined ? undefined : namedOf(orgId, kid);
    },
  };
}

function unlessGone(error: unknown): undefined {
  if (error instanceof SealedTextError) return undefined;
  throw error;
}
