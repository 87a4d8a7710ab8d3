import { randomBytes } from 'node:crypto';
import { createClancyClient, type ClancyClient } from '../../cli/client/clancy-client.ts';
import { developmentTokens } from '../../cli/client/development-token.ts';
import { makeTempFolder } from '../../dev/processes/temp-folder.ts';
import { silent } from '../../dev/progress.ts';
import type { Environment } from '../../dev/stack/environment.ts';
import { createSandboxClient, type ConsentingPerson, type SandboxClient } from '../../dev/sandbox/client.ts';
import { startStack, type Stack, type StackOptions } from '../../dev/stack/start-stack.ts';
import { testOrgId } from '../database.ts';
import type { ProviderId } from '../../dev/sandbox/providers.ts';
import { connect, connectAll } from './connect.ts';

/** The whole product for one test file: real PostgreSQL, real Temporal, our three processes, the sandbox. */
export interface TestStack {
  readonly stack: Stack;
  readonly sandbox: SandboxClient;
  /** A fresh organisation, so that no two tests share a row. */
  newOrg(): TestOrg;
  close(): Promise<void>;
}

export interface TestOrg {
  readonly orgId: string;
  /** A person of this organisation in a role of ours (`admin`, `operator`, ...); the same role is the same person. */
  as(role: string): ClancyClient;
  /** The bearer of that person. */
  token(role: string): Promise<string>;
  /** Connects a Slack workspace of its own; gives its team id. */
  connectSlack(): Promise<string>;
  /** Connects an account of its own at a provider; gives its id in the sandbox. */
  connect(provider: ProviderId, person?: ConsentingPerson): Promise<string>;
  /** Connects what an employee with these capabilities needs. */
  connectAll(capabilities: readonly string[]): Promise<{ [provider in ProviderId]?: string }>;
}

export async function startTestStack(
  options: Pick<StackOptions, 'extra' | 'dist'> & { encrypted?: boolean; parts?: Environment } = {},
): Promise<TestStack> {
  const { encrypted = false, parts, ...rest } = options;
  const folder = await makeTempFolder('clancy-test');
  try {
    const env = { ...stackEnvironment(encrypted), ...parts };
    const stack = await startStack({ dir: folder.path, env, log: silent, ...rest });
    const sandbox = createSandboxClient(stack.urls.sandbox);
    return {
      stack,
      sandbox,
      newOrg: () => createOrg(stack, sandbox),
      close: async () => {
        await stack.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** What decides which parts are real; a test runs where its developer does. */
function stackEnvironment(encrypted: boolean): StackOptions['env'] {
  // oxlint-disable-next-line node/no-process-env -- the entry point of a test run, as bin/ is of a process
  const env = process.env;
  return encrypted ? { ...env, PAYLOAD_ENCRYPTION: 'on' } : env;
}

function createOrg(stack: Stack, sandbox: SandboxClient): TestOrg {
  const orgId = testOrgId();
  const suffix = randomBytes(6).toString('hex');
  const tokens = new Map<string, () => Promise<string>>();
  const token = (role: string): Promise<string> => {
    const person = { user_id: `user_${role}${suffix}`, org_id: orgId, role };
    const source = tokens.get(role) ?? developmentTokens({ issuersUrl: stack.urls.issuers, person, nowMs: Date.now });
    tokens.set(role, source);
    return source();
  };
  const as = (role: string): ClancyClient =>
    createClancyClient({ apiUrl: stack.urls.api, connecthubUrl: stack.urls.connecthub, token: () => token(role) });
  return {
    orgId,
    as,
    token,
    connectSlack: () => connect(as('admin'), sandbox, 'slack'),
    connect: (provider, person) => connect(as('admin'), sandbox, provider, person),
    connectAll: (capabilities) => connectAll(as('admin'), sandbox, capabilities),
  };
}
