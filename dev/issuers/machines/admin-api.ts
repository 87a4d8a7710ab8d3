import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AppClient } from './app-clients.ts';
import type { UserPool } from './pool.ts';

/** Scopes of the pool's resource server. */
const POOL_SCOPES = ['clancy/agent', 'clancy/service'];
const SERVICE = 'AWSCognitoIdentityProviderService.';

/** A failure in the form of AWS JSON 1.1: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization */
class AwsError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const createSchema = z.strictObject({
  UserPoolId: z.string(),
  ClientName: z.string().regex(/^[\w\s+=,.@-]{1,128}$/),
  GenerateSecret: z.literal(true),
  AllowedOAuthFlows: z.tuple([z.literal('client_credentials')]),
  AllowedOAuthFlowsUserPoolClient: z.literal(true),
  AllowedOAuthScopes: z.array(z.string()).min(1).max(50),
  AccessTokenValidity: z.int().min(1).default(1),
  TokenValidityUnits: z.strictObject({ AccessToken: z.enum(['seconds', 'minutes', 'hours']) }).default({ AccessToken: 'hours' }),
});
const listSchema = z.strictObject({
  UserPoolId: z.string(),
  MaxResults: z.int().min(1).max(60).default(60),
  NextToken: z.string().optional(),
});
const describeSchema = z.strictObject({ UserPoolId: z.string(), ClientId: z.string() });

const SECONDS = { seconds: 1, minutes: 60, hours: 3600 } as const;

type Operation = (pool: UserPool, input: unknown) => Promise<object> | object;

const OPERATIONS = new Map<string, Operation>([
  ['CreateUserPoolClient', createUserPoolClient],
  ['ListUserPoolClients', listUserPoolClients],
  ['DescribeUserPoolClient', describeUserPoolClient],
]);

/**
 * The three administrative calls that Agent-Core makes. Signatures are not checked (the server is on loopback), only
 * their presence, without which AWS answers nothing.
 */
export function registerAdminApi(app: FastifyInstance, pool: UserPool): void {
  app.addContentTypeParser('application/x-amz-json-1.1', { parseAs: 'string' }, async (_request: unknown, text: string) => {
    return JSON.parse(text);
  });
  app.post('/', async (request, reply) => {
    try {
      const target = String(request.headers['x-amz-target'] ?? '');
      const operation = target.startsWith(SERVICE) ? OPERATIONS.get(target.slice(SERVICE.length)) : undefined;
      if (operation === undefined) throw new AwsError('UnknownOperationException', 'not an operation of the local pool');
      if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
        throw new AwsError('MissingAuthenticationTokenException', 'the request is not signed');
      }
      const answer = await operation(pool, request.body);
      return await reply.type('application/x-amz-json-1.1').send(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const body = JSON.stringify({ __type: error.type, message: error.message });
      return reply.code(400).type('application/x-amz-json-1.1').header('x-amzn-errortype', error.type).send(body);
    }
  });
}

async function createUserPoolClient(pool: UserPool, body: unknown) {
  const input = read(pool, createSchema, body);
  if (!input.AllowedOAuthScopes.every((scope) => POOL_SCOPES.includes(scope))) {
    throw new AwsError('ScopeDoesNotExistException', 'Custom scope does not exist.');
  }
  const accessTokenSeconds = input.AccessTokenValidity * SECONDS[input.TokenValidityUnits.AccessToken];
  if (accessTokenSeconds < 300 || accessTokenSeconds > 86_400) {
    throw new AwsError('InvalidParameterException', 'Access token validity must be between five minutes and a day.');
  }
  const client = { clientName: input.ClientName, scopes: input.AllowedOAuthScopes, accessTokenSeconds };
  return { UserPoolClient: toWire(pool, await pool.clients.create(client)) };
}

function listUserPoolClients(pool: UserPool, body: unknown) {
  const { MaxResults, NextToken } = read(pool, listSchema, body);
  const from = Number(NextToken ?? '0');
  const clients = pool.clients.list();
  const page = clients.slice(from, from + MaxResults);
  const next = from + MaxResults;
  return {
    UserPoolClients: page.map(({ clientId, clientName }) => ({
      ClientId: clientId,
      ClientName: clientName,
      UserPoolId: pool.id,
    })),
    ...(next < clients.length && { NextToken: String(next) }),
  };
}

function describeUserPoolClient(pool: UserPool, body: unknown) {
  const client = pool.clients.find(read(pool, describeSchema, body).ClientId);
  if (client === undefined) throw new AwsError('ResourceNotFoundException', 'User pool client does not exist.');
  return { UserPoolClient: toWire(pool, client) };
}

function read<T extends { UserPoolId: string }>(pool: UserPool, schema: z.ZodType<T>, body: unknown): T {
  const input = schema.safeParse(body);
  // Names the parameter: a fake that swallows what it does not know would hide a mistake until the real pool says it.
  if (!input.success) throw new AwsError('InvalidParameterException', z.prettifyError(input.error));
  if (input.data.UserPoolId !== pool.id) throw new AwsError('ResourceNotFoundException', 'User pool does not exist.');
  return input.data;
}

function toWire(pool: UserPool, client: AppClient) {
  return {
    UserPoolId: pool.id,
    ClientId: client.clientId,
    ClientName: client.clientName,
    ClientSecret: client.clientSecret,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthScopes: client.scopes,
    AccessTokenValidity: client.accessTokenSeconds,
    TokenValidityUnits: { AccessToken: 'seconds' },
  };
}
