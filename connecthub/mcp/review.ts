import { ClancyError } from '../../contracts/errors.ts';
import type { OrgScope } from '../../db/client.ts';
import { connectionsOf, findOwn, findVersion } from '../own-providers/store.ts';
import type { Registry } from '../providers/registry.ts';
import type { Tokens } from '../tokens/tokens.ts';
import { askServer } from './ask-server.ts';
import { deriveTools } from './derive.ts';
import { keepMcp, type McpDeps } from './import.ts';
import { storedMcpSchema, type StoredMcp, type StoredTool } from './stored.ts';
import { beginToSpeak, digestOfTool, type Tool } from './tools.ts';

export interface ReviewDeps extends McpDeps {
  registry: Registry;
  tokens: Pick<Tokens, 'current'>;
}

/** A tool as it was accepted, and as its server describes it today. */
export interface Reviewed {
  accepted: StoredTool;
  today: Tool | undefined;
  /** Of today's description. */
  digest: string | undefined;
  isSuspended: boolean;
}

export interface ReviewOf {
  provider: string;
  /** Whose key the server is asked with; the newest of its connections where absent. */
  connectionId?: string | undefined;
}

/**
 * What has changed since a person accepted the tools.
 *
 * @throws ClancyError `not_found`, and what the server says
 */
export async function review(deps: ReviewDeps, scope: OrgScope, of: ReviewOf): Promise<Reviewed[]> {
  return (await look(deps, scope, of)).reviewed;
}

/**
 * A person's word that tools may be what they are now: a new version, in which nothing is suspended. Each is named by the
 * digest that the person has seen; a tool that changed once more meanwhile is not accepted. A tool that is gone is left out.
 *
 * @throws ClancyError `version_conflict` where something differs from what was seen
 */
export async function accept(
  deps: ReviewDeps,
  scope: OrgScope,
  of: ReviewOf,
  seen: readonly { capability: string; digest: string }[],
): Promise<Reviewed[]> {
  const { stored, reviewed, tools, version } = await look(deps, scope, of);
  const changed = reviewed.filter(({ accepted, digest }) => digest !== undefined && digest !== accepted.digest);
  const unseen = changed.find(
    ({ accepted, digest }) => !seen.some((one) => one.capability === accepted.capability && one.digest === digest),
  );
  if (unseen) {
    throw new ClancyError('version_conflict', `${unseen.accepted.capability} is not what was looked at.`, {
      next: 'Look at it again, and accept what it is then.',
    });
  }
  const kept = reviewed.filter(({ today }) => today !== undefined).map(({ accepted }) => accepted);
  if (kept.length === 0) {
    throw new ClancyError('conflict', 'The server offers none of the tools any more.', {
      next: `Take it out: clancy providers remove ${of.provider}.`,
    });
  }
  const derived = deriveTools(tools, kept);
  await deps.database.withOrg(scope, async (tx) => {
    const row = await findOwn(tx, of.provider, 'update');
    if (row?.version !== version) throw new ClancyError('version_conflict', 'Somebody else has changed the provider meanwhile.');
    await keepMcp(tx, scope, { id: of.provider, draft: { ...stored, tools: [] }, derived });
  });
  return review(deps, scope, of);
}

interface Look {
  stored: StoredMcp;
  version: number;
  tools: Tool[];
  reviewed: Reviewed[];
}

async function look(deps: ReviewDeps, scope: OrgScope, { provider: id, connectionId }: ReviewOf): Promise<Look> {
  const { row, stored, connected } = await deps.database.withOrgRead(scope, async (tx) => {
    const found = await findOwn(tx, id);
    if (!found || found.removedAt !== null || found.kind !== 'mcp')
      throw new ClancyError('not_found', 'There is no such MCP server of your organisation.');
    const inForce = await findVersion(tx, id, found.version);
    return { row: found, stored: storedMcpSchema.parse(inForce?.definition), connected: await connectionsOf(tx, id) };
  });
  // Only a key that was given for this server: any other would be shown to a stranger.
  const usable = connectionId === undefined ? connected[0] : connected.find((one) => one === connectionId);
  if (usable === undefined) {
    throw new ClancyError('connection_missing', 'No account of it is connected under this id.', {
      next: `clancy connections list; or connect one: clancy connections add ${id}.`,
    });
  }
  const provider = await deps.registry.of(scope.orgId).provider(id);
  if (!provider) throw new ClancyError('not_found', 'There is no such MCP server of your organisation.');
  const { accessToken } = await deps.tokens.current(scope.orgId, usable);
  const { tools } = await askServer(deps.outgoing, provider, accessToken, (reader) => beginToSpeak(reader, stored.revision));
  const reviewed = stored.tools.map((accepted) => {
    const today = tools.find(({ name }) => name === accepted.tool);
    const isSuspended = row.suspended.includes(accepted.capability);
    return { accepted, today, digest: today && digestOfTool(today), isSuspended };
  });
  return { stored, version: row.version, tools, reviewed };
}
