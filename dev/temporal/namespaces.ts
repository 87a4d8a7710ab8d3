import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { waitUntil } from '../processes/wait-until.ts';
import { searchAttributes } from './search-attributes.ts';

// grpc/status: the numbers of the gRPC specification.
const alreadyExists = 6;
const notFound = 5;

type Attribute = (typeof searchAttributes)[number];

const retention = '7 days';

/**
 * Makes a namespace and its search attributes where they are missing, and returns when both can be used.
 * On a server that is not ours this needs the right to administer it; Temporal Cloud refuses and names its own way.
 */
export async function ensureNamespace(connection: Connection, namespace: string): Promise<void> {
  if (!(await exists(connection, namespace))) await register(connection, namespace);
  // The frontend learns of a new namespace when it next reads the list of them, within some seconds.
  const missing = await waitUntil(() => missingAttributes(connection, namespace), {
    timeoutMs: 30_000,
    what: `namespace ${namespace} to be known`,
  });
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: encodeTypes(missing) });
  const isComplete = async () => (await missingAttributes(connection, namespace)).length === 0;
  await waitUntil(isComplete, { timeoutMs: 30_000, what: `search attributes of namespace ${namespace}` });
}

async function exists(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } catch (error) {
    if (codeOf(error) === notFound) return false;
    throw error;
  }
}

async function register(connection: Connection, namespace: string): Promise<void> {
  const workflowExecutionRetentionPeriod = msToTs(retention);
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  } catch (error) {
    if (codeOf(error) !== alreadyExists) throw error;
  }
}

async function missingAttributes(connection: Connection, namespace: string): Promise<readonly Attribute[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return searchAttributes.filter(({ name }) => customAttributes[name] === undefined);
}

function encodeTypes(attributes: readonly Attribute[]) {
  return Object.fromEntries(
    attributes.flatMap(({ name, type }) => {
      const encoded = encodeSearchAttributeIndexedValueType(type);
      return encoded === undefined ? [] : [[name, encoded]];
    }),
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
