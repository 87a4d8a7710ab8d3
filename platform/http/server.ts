import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type RawServerDefault,
} from 'fastify';
import {
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { randomUUID, type UUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { ClancyError } from '../../contracts/errors.ts';
import type { Principal } from '../auth/principal.ts';
import { authorise, bearerOf, type Access, type Verifiers } from './access.ts';
import { answerClientError } from './client-errors.ts';
import { toClancyError } from './errors.ts';
import { describeRoute } from './openapi.ts';
import { assertBounded } from './json-bounds.ts';
import type { Served } from '../metrics/http.ts';
import { toProblem } from './problems.ts';
import { traceRequests } from './tracing.ts';
import { trackUnusedConnections } from './unused-connections.ts';

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

export interface ServerOptions {
  title: string;
  description: string;
  version: string;
  logger: Logger;
  verifiers: Verifiers;
  /** Told whose token a request carries, before it is decided what they may do. */
  onVerified?: (principal: Principal, request: FastifyRequest) => Promise<void>;
  /** Told of every refused request (401 and 403), so that it leaves a trace. */
  onDenied?: (denial: Denial) => Promise<void>;
  /** Told of every request when its answer is out. */
  onServed?: ((served: Served) => void) | undefined;
}

export interface Denial {
  request: FastifyRequest;
  error: ClancyError;
}

const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * A Fastify server with the manners of this project: zod contracts on both sides, RFC 9457 problems, declared access,
 * OpenAPI 3.1 at `/openapi.json` and a page at `/docs`. Add routes, then `ready()`; a route without `config.access` makes
 * `ready()` throw.
 */
export async function createServer(options: ServerOptions): Promise<App> {
  const loggerInstance: FastifyBaseLogger = options.logger;
  const app = fastify({
    loggerInstance,
    // Fastify's own request lines would log the full URL, query string included.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    // Run and call ids are longer than find-my-way's default of 100.
    routerOptions: { maxParamLength: 512 },
    genReqId: (): UUID => randomUUID(),
    trustProxy: false,
    // What fails before a route is found: a path that cannot be decoded, or a part of it that is too long.
    frameworkErrors: (_error, request, reply) => {
      const error = new ClancyError('invalid_request', 'The address of the request is malformed or too long.');
      reply.raw.writeHead(400, { 'content-type': 'application/problem+json' });
      reply.raw.end(JSON.stringify(toProblem(error, `urn:uuid:${request.id}`)));
    },
    clientErrorHandler: answerClientError,
    return503OnClosing: true,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('principal', undefined);
  app.decorateRequest('bearer', undefined);
  answerWithProblems(app, options);
  requireDeclaredAccess(app);
  traceRequests(app);
  authenticate(app, options);
  app.addHook('preValidation', async (request) => {
    // Whoever has nothing to say besides the address need not say `{}`.
    if (request.routeOptions.schema?.body !== undefined) request.body ??= {};
    assertBounded(request.body);
  });
  logRequests(app, options.onServed);
  const unused = trackUnusedConnections(app.server);
  app.addHook('preClose', async () => unused.close());
  await describe(app, options);
  return app;
}

/** Checked when the server gets ready, after child scopes had their say: what is not declared does not boot. */
function requireDeclaredAccess(app: App): void {
  const routes: { method: string; url: string; access: () => Access | undefined }[] = [];
  app.addHook('onRoute', (route) => {
    routes.push({ method: String(route.method), url: route.url, access: () => route.config?.access });
  });
  app.addHook('onReady', async () => {
    const open = routes.filter((route) => route.access() === undefined);
    if (open.length > 0) {
      throw new Error(`routes without declared access: ${open.map(({ method, url }) => `${method} ${url}`).join(', ')}`);
    }
  });
}

function authenticate(app: App, { verifiers, onVerified }: ServerOptions): void {
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const access = request.routeOptions.config.access;
    if (!access) throw new ClancyError('forbidden', 'This route declares no access.');
    const bearer = bearerOf(request.headers.authorization);
    const principal = await authorise(access, bearer, verifiers, async (verified) => onVerified?.(verified, request));
    if (principal) request.principal = principal;
    if (bearer !== undefined) request.bearer = bearer;
  });
}

function answerWithProblems(app: App, options: ServerOptions): void {
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toClancyError(thrown);
    const problem = toProblem(error, `urn:uuid:${request.id}`);
    if (problem.status >= 500) request.log.error({ err: thrown, route: request.routeOptions.url }, 'request failed');
    if (problem.status < 500) logServiceRefused(request, error);
    if (problem.status === 401 || problem.status === 403) await options.onDenied?.({ request, error });
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    const retryAfterMs = error.details.retryAfterMs;
    if (retryAfterMs !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfterMs / 1000)));
    return reply.status(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
  });
  app.setNotFoundHandler(async (_request, _reply) => {
    throw new ClancyError('not_found', 'There is nothing here.', { next: 'See /docs for the routes.' });
  });
}

/** Our own machines know the rules: one that is refused is broken, or somebody else holds its token. */
function logServiceRefused(request: FastifyRequest, error: ClancyError): void {
  if (request.principal?.kind !== 'service') return;
  const { service } = request.principal;
  request.log.warn(
    { service, route: request.routeOptions.url, refused: error.code, source: request.ip },
    'a service was refused',
  );
}

function logRequests(app: App, onServed: ServerOptions['onServed']): void {
  app.addHook('onResponse', async (request, reply) => {
    const served = { method: request.method, route: request.routeOptions.url, status: reply.statusCode };
    request.log.debug({ ...served, ms: Math.round(reply.elapsedTime) }, 'request');
    onServed?.({ ...served, seconds: reply.elapsedTime / 1_000 });
  });
}

async function describe(app: App, options: ServerOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: options.title, description: options.description, version: options.version },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: describeRoute,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: { principal: 'public' } };
    });
    await docs.register(swaggerUi, { routePrefix: '/docs' });
    docs.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  });
}
