import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { ClancyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { deriveCapability, type DerivedCapability } from '../openapi/capability.ts';
import { findOperation, operationsOf, type Operation } from '../openapi/operation.ts';
import { member, textAt, type Reading } from '../openapi/place.ts';
import { collect, documentError, DocumentProblem } from '../openapi/problem.ts';
import type { StoredOpenApi } from '../openapi/stored.ts';
import { createShape } from '../providers/shape.ts';
import { readServer, type ServerRules } from './server.ts';
import { nameOfLimit, type ImportRequest } from './request.ts';

/** What an import comes to, the versions of its capabilities apart. */
export interface Derived {
  provider: Omit<StoredOpenApi, 'capabilities'>;
  capabilities: DerivedCapability[];
}

const DEFAULT_LIMIT = { name: 'requests a second', requests: 10, per_seconds: 1 };

/**
 * What people would accept: the chosen operations of a document as capabilities.
 *
 * @throws ClancyError `invalid_request` that names each culprit by its JSON pointer
 */
export function deriveProvider(document: JsonObject, wanted: ImportRequest, rules: ServerRules): Derived {
  const reading: Reading = { document, dialect: dialectOf(document) };
  const operations = unlessProblem(() => operationsOf(reading));
  const auth = authOf(wanted, rules);
  const capabilities = collect(wanted.capabilities, (one) => {
    const derived = deriveCapability({ ...reading, operations, auth }, one);
    assertRisk(findOperation(operations, one.operation_id), one.risk);
    assertCompiles(derived);
    return derived;
  });
  return {
    provider: {
      title: wanted.title,
      document_digest: digestOf(document),
      server: unlessProblem(() => readServer(reading, wanted, rules)),
      auth,
      ...accountOf(operations, wanted),
      limits: (wanted.limits ?? [DEFAULT_LIMIT]).map((limit) => ({ ...limit, name: nameOfLimit(limit) })),
    },
    capabilities,
  };
}

/** SHA-256 of the canonical JSON (RFC 8785). */
export function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex');
}

function dialectOf(document: JsonObject): Reading['dialect'] {
  const version = textAt({ value: document, pointer: '' }, 'openapi') ?? '';
  if (/^3\.0\.\d+$/.test(version)) return '3.0';
  if (/^3\.[12]\.\d+$/.test(version)) return '3.1';
  throw documentError([new DocumentProblem('/openapi', 'not an OpenAPI document of version 3.0, 3.1 or 3.2')]);
}

function authOf({ auth }: ImportRequest, rules: ServerRules): StoredOpenApi['auth'] {
  if (auth.type !== 'oauth2') return auth;
  const { client_secret: _secret, revoke_url: revoke, ...rest } = auth;
  return {
    ...rest,
    authorize_url: rules.checked('/auth/authorize_url', auth.authorize_url),
    token_url: rules.checked('/auth/token_url', auth.token_url),
    ...(revoke !== undefined && { revoke_url: rules.checked('/auth/revoke_url', revoke) }),
  };
}

/** What changes something by its nature cannot be called a read: reads are repeated, and no policy asks about them. */
function assertRisk({ verb, place }: Operation, risk: string): void {
  if (risk === 'read' && verb !== 'GET' && verb !== 'POST') {
    throw new DocumentProblem(place.pointer, `a ${verb} changes something: it cannot be a read`);
  }
}

function assertCompiles({ stored }: DerivedCapability): void {
  try {
    createShape(stored.input_schema);
    createShape(stored.output_schema, { cut: true });
  } catch (cause) {
    throw new DocumentProblem(
      '',
      `${stored.capability}: its schema is none (${cause instanceof Error ? cause.message.slice(0, 200) : 'unknown'})`,
    );
  }
}

/** A read that needs nothing to be said. */
function accountOf(operations: Map<string, Operation[]>, { account }: ImportRequest): Pick<StoredOpenApi, 'account'> {
  if (!account) return {};
  const { verb, path, parameters, place } = unlessProblem(() => findOperation(operations, account.operation_id));
  const needs = unlessProblem(parameters).some((one) => member(one, 'required')?.value === true || textAt(one, 'in') === 'path');
  if (verb !== 'GET' || needs)
    throw documentError([new DocumentProblem(place.pointer, 'not a GET without parameters: it cannot tell the account')]);
  return { account: { path, id: account.id, name: account.name ?? account.id } };
}

function unlessProblem<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof DocumentProblem ? documentError([error]) : error;
  }
}

export function duplicateCapability(capabilities: readonly { capability: string }[]): ClancyError | undefined {
  const names = capabilities.map((one) => one.capability);
  const twin = names.findIndex((one, index) => names.indexOf(one) !== index);
  if (twin === -1) return undefined;
  return new ClancyError('invalid_request', `Two capabilities are called ${names[twin]}.`, {
    fields: [{ field: `/capabilities/${twin}/capability`, message: 'is there already' }],
  });
}
