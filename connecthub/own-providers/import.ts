import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { storedOpenApiSchema, type StoredCapability, type StoredOpenApi } from '../openapi/stored.ts';
import { BUILT_IN } from '../providers/registry.ts';
import { deriveProvider, digestOf, duplicateCapability, type Derived } from './derive.ts';
import { fetchDocument } from './fetch-document.ts';
import { readDocument } from '../../platform/documents/read-document.ts';
import type { ImportRequest } from './request.ts';
import { sealClientSecret } from './seal.ts';
import { createServerRules } from './server.ts';
import { changeSecret, connectionsOf, findOwn, findVersion, listOwn, putVersion, type OwnRow } from './store.ts';
import type { DerivedCapability } from '../openapi/capability.ts';

const WANTED_DOCUMENT = 'Send an OpenAPI 3.0 or 3.1 document as JSON or YAML.';

export interface ImportDeps {
  database: HubDatabase;
  secretBox: SecretBox;
  allowLoopback: boolean;
  clock: () => Date;
}

export interface Imported {
  id: string;
  version: number;
  digest: string;
  stored: StoredOpenApi;
  leftOut: Map<string, DerivedCapability['leftOut']>;
  /** `new`: from now on in force; `same`: it was already; `preview`: nothing was kept. */
  outcome: 'new' | 'same' | 'preview';
}

const MAX_PROVIDERS = 50;

/**
 * A provider of the organisation's own out of an OpenAPI document, or a new version of it. The same document with the same
 * choices is the version that there is.
 *
 * @throws ClancyError `invalid_request`, `conflict` or `provider_unavailable` (the document's address)
 */
export async function importProvider(deps: ImportDeps, scope: OrgScope, wanted: ImportRequest): Promise<Imported> {
  assertOwnName(wanted.id, wanted.capabilities);
  const rules = createServerRules(deps);
  const given = wanted.document ?? (await fetchDocument(rules.source(wanted.document_url ?? ''), deps));
  const today = deps.clock().toISOString().slice(0, 10);
  const derived = { ...deriveProvider(await readDocument(given, { wanted: WANTED_DOCUMENT }), wanted, rules), today };
  const secret = wanted.auth.type === 'oauth2' ? wanted.auth.client_secret : undefined;
  const clientSecret = secret === undefined ? undefined : await sealClientSecret(deps.secretBox, scope.orgId, wanted.id, secret);
  if (wanted.preview === true) return deps.database.withOrgRead(scope, (tx) => toImported(tx, wanted, derived, 'preview'));
  return deps.database.withOrg(scope, (tx) => keep(tx, scope, { wanted, derived, clientSecret }));
}

/** @throws ClancyError `conflict` for an id of the installation's, `invalid_request` for a capability's name that is there twice */
export function assertOwnName(id: string, capabilities: readonly { capability: string }[]): void {
  if (BUILT_IN.has(id)) {
    throw new ClancyError('conflict', `${id} is a provider of this installation.`, { next: 'Choose another id.' });
  }
  const twin = duplicateCapability(capabilities);
  if (twin) throw twin;
}

/** `today`: `YYYY-MM-DD`. */
type DerivedToday = Derived & { today: string };

interface Keeping {
  wanted: ImportRequest;
  derived: DerivedToday;
  /** Sealed; undefined: none was given. */
  clientSecret: string | undefined;
}

async function keep(tx: OrgTx, scope: OrgScope, { wanted, derived, clientSecret }: Keeping): Promise<Imported> {
  const row = await findOwn(tx, wanted.id, 'update');
  assertKind(row, 'openapi');
  const imported = await toImported(tx, wanted, derived, 'new', row);
  const secret = clientSecret ?? (wanted.auth.type === 'oauth2' ? (row?.clientSecret ?? null) : null);
  if (wanted.auth.type === 'oauth2' && secret === null) {
    throw new ClancyError('invalid_request', 'The secret of the OAuth client is not known yet.', {
      fields: [{ field: '/auth/client_secret', message: 'is needed with the first version' }],
    });
  }
  await assertRoom(tx, row);
  const before = row?.removedAt === null ? await findVersion(tx, wanted.id, row.version) : undefined;
  if (before) await assertSecretsStay(tx, wanted.id, storedOpenApiSchema.parse(before.definition), imported.stored);
  const isSame = row?.removedAt === null && row.version === imported.version;
  const audit = { objectType: 'provider', objectId: wanted.id, allowed: true };
  if (isSame && clientSecret === undefined) return { ...imported, outcome: 'same' };
  const { version, digest, stored } = imported;
  const kept = { provider: wanted.id, kind: 'openapi' as const, version, clientSecret: secret };
  if (isSame) await changeSecret(tx, kept);
  else await putVersion(tx, kept, { digest, definition: stored, importedBy: scope.actor.id });
  tx.audit({
    action: isSame ? 'provider.change_secret' : 'provider.import',
    ...audit,
    details: { version, digest, server: stored.server },
  });
  return { ...imported, outcome: isSame ? 'same' : 'new' };
}

/** What an id stands for stays: receipts and grants name it. */
export function assertKind(row: OwnRow | undefined, kind: OwnRow['kind']): void {
  if (!row || row.kind === kind) return;
  throw new ClancyError('conflict', `${row.provider} is there already, and is of another kind (${row.kind}).`, {
    next: 'Choose another id.',
  });
}

export async function assertRoom(tx: OrgTx, row: OwnRow | undefined): Promise<void> {
  if (row?.removedAt === null || (await listOwn(tx)).length < MAX_PROVIDERS) return;
  throw new ClancyError('conflict', `An organisation has at most ${MAX_PROVIDERS} providers of its own.`, {
    next: 'Remove one: clancy providers remove <provider>.',
  });
}

/**
 * A key that was given for one server never goes to another: while accounts are connected, a new version talks to the same
 * ones, and writes the key at the same place.
 */
export async function assertSecretsStay(tx: OrgTx, id: string, before: Reached, after: Reached): Promise<void> {
  if (digestOf(whereSecretsGo(before)) === digestOf(whereSecretsGo(after))) return;
  const connected = await connectionsOf(tx, id);
  if (connected.length === 0) return;
  throw new ClancyError('conflict', 'Its server, or how it is authorised, changes while accounts are connected.', {
    next: `Disconnect them first (clancy connections remove), and connect them again afterwards: ${connected.join(', ')}.`,
  });
}

/** What decides where a key goes. */
type Reached = Pick<StoredOpenApi, 'server' | 'auth'>;

function whereSecretsGo({ server, auth }: Reached) {
  const { scopes: _scopes, ...rest } = auth.type === 'oauth2' ? auth : { ...auth, scopes: [] };
  return { server, auth: rest };
}

/** Which version it is: the one in force where nothing differs, else one more than there ever was. */
async function toImported(
  tx: Pick<OrgTx, 'orgId' | 'db'>,
  wanted: ImportRequest,
  { provider, capabilities, today }: DerivedToday,
  outcome: Imported['outcome'],
  known?: OwnRow,
): Promise<Imported> {
  const row = known ?? (await findOwn(tx, wanted.id));
  const newest = row && (await findVersion(tx, wanted.id, row.version));
  const before = newest && storedOpenApiSchema.parse(newest.definition);
  const next = (row?.version ?? 0) + 1;
  const versioned = capabilities.map(({ stored, isDeprecated }) => ({
    ...stored,
    version: versionOf(stored, before, provider.server, next),
    ...(isDeprecated && { deprecated_since: namesake(before, stored)?.deprecated_since ?? today }),
  }));
  const stored: StoredOpenApi = { ...provider, capabilities: versioned };
  const digest = digestOf(stored);
  const isSame = row?.removedAt === null && newest?.digest === digest;
  return {
    id: wanted.id,
    version: isSame ? row.version : next,
    digest,
    stored,
    leftOut: new Map(capabilities.map((one) => [one.stored.capability, one.leftOut])),
    outcome,
  };
}

/** A capability keeps its version while nothing of it differs; a new one is never a number that it had before. */
function versionOf(
  derived: DerivedCapability['stored'],
  before: StoredOpenApi | undefined,
  server: string,
  next: number,
): number {
  const old = before?.server === server ? namesake(before, derived) : undefined;
  if (!old) return next;
  // What it does is the same while its provider would rather have it used no more.
  const { version, deprecated_since: _since, ...rest } = old;
  return digestOf(rest) === digestOf(derived) ? version : next;
}

function namesake(before: StoredOpenApi | undefined, { capability }: DerivedCapability['stored']): StoredCapability | undefined {
  return before?.capabilities.find((one) => one.capability === capability);
}
