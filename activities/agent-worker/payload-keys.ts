import { z } from 'zod';
import type { ServiceTokenSource } from '../../platform/auth/service-token.ts';
import { createKeyCache, type KeyCacheOptions } from '../../platform/payloads/key-cache.ts';
import type { PayloadKey, PayloadKeys } from '../../platform/payloads/payload-key.ts';
import { ownerOf } from '../../platform/payloads/workflow-owner.ts';
import { HttpFailure, postJson } from './calls/post-json.ts';

const keySchema = z.object({ org_id: z.string(), kid: z.string(), key: z.base64() });
/** Within a workflow task of ten seconds. */
const TIMEOUT_MS = 5_000;
const NOT_FOUND = 404;

/**
 * Keys of payloads from Agent-Core, for the worker's own token and the id of a workflow. Kept in memory only. Rejects with
 * `HttpFailure` while Agent-Core is away; Temporal then tries the task again.
 */
export function createWorkerPayloadKeys(deps: {
  agentCoreUrl: string;
  serviceToken: ServiceTokenSource;
  cache?: KeyCacheOptions;
}): PayloadKeys {
  const cache = createKeyCache<PayloadKey>(deps.cache);

  async function ask(body: { workflow_id: string; kid?: string }): Promise<PayloadKey | undefined> {
    const answer = await post(deps, body);
    if (answer.status === NOT_FOUND) return undefined;
    const parsed = answer.status === 200 ? keySchema.safeParse(answer.body) : undefined;
    // A success that cannot be read is no answer, and may hold a key.
    if (!parsed?.success) throw new HttpFailure('agent-core', answer.status === 200 ? undefined : answer);
    return { orgId: parsed.data.org_id, kid: parsed.data.kid, key: Buffer.from(parsed.data.key, 'base64') };
  }

  /** All workflows of an employee have the same keys. */
  async function find(workflowId: string, kid?: string): Promise<PayloadKey | undefined> {
    const owner = ownerOf(workflowId);
    if (!owner) return undefined;
    const name = [owner.kind, owner.id, kid ?? ''].join('|');
    return cache.get(name, () => ask({ workflow_id: workflowId, ...(kid !== undefined && { kid }) }));
  }

  return { inUse: (workflowId) => find(workflowId), named: find };
}

async function post(deps: { agentCoreUrl: string; serviceToken: ServiceTokenSource }, body: object) {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const headers = { authorization: `Bearer ${await deps.serviceToken.token()}` };
    return await postJson(new URL('/internal/payload-keys', deps.agentCoreUrl), { headers, body, signal });
  } catch (cause) {
    throw new HttpFailure('agent-core', undefined, { cause });
  }
}
