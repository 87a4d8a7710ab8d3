import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  paginateListUserPoolClients,
} from '@aws-sdk/client-cognito-identity-provider';
import type { UserPoolClientType } from '@aws-sdk/client-cognito-identity-provider';

export type CognitoClientRegistryConfig = {
  readonly region: string;
  readonly userPoolId: string;
  /** Development only: the local issuer. Requests to it are signed with placeholders. */
  readonly endpoint?: string;
  /** Custom scopes of the pool's resource server. Cognito wants at least one for client credentials. */
  readonly scopes?: readonly string[];
};

/** An employee's identity at Cognito. The secret is to be sealed before it is stored. */
export type EmployeeClient = { readonly clientId: string; readonly clientSecret: string };

export type CognitoClientRegistry = {
  /** `orgId` is part of the question since other providers, or sharded pools, choose by it; one pool does not. */
  readonly createEmployeeClient: (employee: { employeeId: string; orgId: string }) => Promise<EmployeeClient>;
  /** Closes its connections. */
  readonly close: () => void;
};

/** Coarse on purpose: what an employee may use travels in `capability_scope`. A client holds 50 scopes at most. */
const AGENT_SCOPES = ['clancy/agent'];
/** Cognito's shortest is five minutes. */
const ACCESS_TOKEN_MINUTES = 15;
const LIST_PAGE = 60;

/**
 * Makes app clients for employees. Safe to repeat: the client is looked up by its name `emp_{employeeId}` first.
 * A crash after Cognito made it and before the caller stored it leaves a client that the next call finds, secret
 * included. Two calls at the same time may make two, since Cognito's names are not unique; all later calls choose the
 * same one, and the other can get no token, because Agent-Core asserts stored client ids only.
 */
export function createCognitoClientRegistry(config: CognitoClientRegistryConfig): CognitoClientRegistry {
  const client = new CognitoIdentityProviderClient({
    region: config.region,
    ...(config.endpoint !== undefined && {
      endpoint: config.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
  const UserPoolId = config.userPoolId;

  async function findByName(name: string): Promise<string | undefined> {
    const found: string[] = [];
    for await (const page of paginateListUserPoolClients({ client, pageSize: LIST_PAGE }, { UserPoolId })) {
      for (const { ClientName, ClientId } of page.UserPoolClients ?? []) {
        if (ClientName === name && ClientId !== undefined) found.push(ClientId);
      }
    }
    return found.toSorted()[0];
  }

  async function create(name: string): Promise<UserPoolClientType | undefined> {
    const command = new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: name,
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: [...(config.scopes ?? AGENT_SCOPES)],
      AccessTokenValidity: ACCESS_TOKEN_MINUTES,
      TokenValidityUnits: { AccessToken: 'minutes' },
    });
    return (await client.send(command)).UserPoolClient;
  }

  return {
    createEmployeeClient: async ({ employeeId }) => {
      const name = `emp_${employeeId}`;
      const ClientId = await findByName(name);
      if (ClientId === undefined) return readClient(await create(name));
      const { UserPoolClient } = await client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
      return readClient(UserPoolClient);
    },
    close: () => client.destroy(),
  };
}

function readClient(client: UserPoolClientType | undefined): EmployeeClient {
  if (client?.ClientId === undefined || client.ClientSecret === undefined) {
    throw new Error('Cognito answered with an app client that has no id or no secret');
  }
  return { clientId: client.ClientId, clientSecret: client.ClientSecret };
}
