import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import { digestOf } from '../own-providers/derive.ts';
import { assertKind, assertOwnName, assertRoom, assertSecretsStay } from '../own-providers/import.ts';
import { createServerRules } from '../own-providers/server.ts';
import { findOwn, findVersion, putVersion, type OwnRow } from '../own-providers/store.ts';
import { toUnconnectedOffer } from '../providers/registry.ts';
import { askServer } from './ask-server.ts';
import { deriveTools } from './derive.ts';
import { STATELESS } from './protocol.ts';
import type { McpImportRequest } from './request.ts';
import { storedMcpSchema, type StoredMcp, type StoredTool } from './stored.ts';
import { toMcpDefinition } from './to-definition.ts';
import { askRevision, type Tool } from './tools.ts';

export interface McpDeps {
  database: HubDatabase;
  outgoing: OutgoingClient;
  allowLoopback: boolean;
}

export interface McpImported {
  id: string;
  version: number;
  digest: string;
  stored: StoredMcp;
  /** All that the server offers. */
  offered: Tool[];
  /** `new`: from now on in force; `same`: it was already; `preview`: nothing was kept. */
  outcome: 'new' | 'same' | 'preview';
}

const DEFAULT_LIMITS = [{ name: 'requests a second', requests: 10, per_seconds: 1 }];

/**
 * A provider of the organisation's own out of an MCP server, or a new version of it: the chosen tools as the server
 * describes them at this moment. From then on each call looks whether it still does.
 *
 * @throws ClancyError `invalid_request`, `conflict`, `provider_refused` (the key) or `provider_unavailable`
 */
export async function importMcp(deps: McpDeps, scope: OrgScope, wanted: McpImportRequest): Promise<McpImported> {
  assertOwnName(wanted.id, wanted.tools);
  if (wanted.tools.length === 0 && wanted.preview !== true) {
    throw new ClancyError('invalid_request', 'No tool was chosen.', {
      fields: [{ field: '/tools', message: 'choose at least one' }],
      next: 'With `preview` the answer says what the server offers.',
    });
  }
  const { title, auth, limits = DEFAULT_LIMITS } = wanted;
  const draft: StoredMcp = {
    title,
    server: createServerRules(deps).checked('/url', wanted.url),
    revision: STATELESS,
    auth,
    limits: limits.map((one) => ({ ...one, name: one.name ?? `${one.requests} requests in ${one.per_seconds} s` })),
    tools: [],
  };
  // No row is about it yet.
  const { provider } = toUnconnectedOffer(toMcpDefinition(wanted.id, draft));
  const { speaking, tools } = await askServer(deps.outgoing, provider, wanted.key, askRevision);
  const derived = deriveTools(tools, wanted.tools);
  const made = { id: wanted.id, draft: { ...draft, revision: speaking.revision }, derived };
  if (wanted.preview === true) {
    const imported = await deps.database.withOrgRead(scope, async (tx) => toVersion(tx, made, await findOwn(tx, wanted.id)));
    return { ...imported, offered: tools, outcome: 'preview' };
  }
  return { ...(await deps.database.withOrg(scope, (tx) => keepMcp(tx, scope, made))), offered: tools };
}

interface Made {
  id: string;
  draft: StoredMcp;
  derived: Omit<StoredTool, 'version'>[];
}

/** Puts a version in force; nothing of it is suspended any more. */
export async function keepMcp(tx: OrgTx, scope: OrgScope, made: Made): Promise<Omit<McpImported, 'offered'>> {
  const row = await findOwn(tx, made.id, 'update');
  assertKind(row, 'mcp');
  const { before, ...imported } = await toVersion(tx, made, row);
  await assertRoom(tx, row);
  if (before && row?.removedAt === null) await assertSecretsStay(tx, made.id, before, imported.stored);
  if (row?.removedAt === null && row.version === imported.version) return { ...imported, outcome: 'same' };
  const { version, digest, stored } = imported;
  const kept = { provider: made.id, kind: 'mcp' as const, version, clientSecret: null };
  await putVersion(tx, kept, { digest, definition: stored, importedBy: scope.actor.id });
  const details = { version, digest, server: stored.server };
  tx.audit({ action: 'provider.import', objectType: 'provider', objectId: made.id, allowed: true, details });
  return { ...imported, outcome: 'new' };
}

/** A tool keeps its version while nothing of it differs. The same again is the version that there is, unless it is suspended. */
async function toVersion(tx: Pick<OrgTx, 'orgId' | 'db'>, { id, draft, derived }: Made, row: OwnRow | undefined) {
  const newest = row?.kind === 'mcp' ? await findVersion(tx, id, row.version) : undefined;
  const before = newest && storedMcpSchema.parse(newest.definition);
  const next = (row?.version ?? 0) + 1;
  const stored: StoredMcp = { ...draft, tools: derived.map((one) => ({ ...one, version: versionOf(one, before, draft, next) })) };
  const digest = digestOf(stored);
  const isSame = row?.removedAt === null && row.suspended.length === 0 && newest?.digest === digest;
  return { id, version: isSame ? row.version : next, digest, stored, before };
}

function versionOf(derived: Made['derived'][number], before: StoredMcp | undefined, { server }: StoredMcp, next: number): number {
  const old = before?.server === server ? before.tools.find(({ capability }) => capability === derived.capability) : undefined;
  if (!old) return next;
  const { version, ...rest } = old;
  return digestOf(rest) === digestOf(derived) ? version : next;
}
