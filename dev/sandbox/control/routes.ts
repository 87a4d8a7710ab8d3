import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Machinery } from '../core/machinery.ts';
import type { SandboxProvider } from '../core/provider.ts';
import { registerDeliveries } from './deliveries.ts';
import { ControlError, parseInput } from './errors.ts';
import { barrierSpecSchema, faultSchema, releaseSchema } from './wire.ts';

/** Longest a long-poll is held before it answers with the state as it is; the client asks again. */
const MAX_WAIT_MS = 20_000;
const waitQuery = z.strictObject({
  wait: z.literal('1').optional(),
  timeout_ms: z.coerce.number().int().min(1).max(MAX_WAIT_MS).default(MAX_WAIT_MS),
});

type Guard = (target: { team: string; method?: string }) => void;

type Providers = ReadonlyMap<string, SandboxProvider>;

function createGuard(providers: Providers): Guard {
  return ({ team, method }) => {
    const owner = [...providers.values()].find((provider) => provider.hasTeam(team));
    if (owner === undefined) throw new ControlError(404, `no team ${team}`);
    if (method !== undefined && !owner.methods.has(method)) throw new ControlError(400, `no method ${method}`);
  };
}

/** The controls that every provider shares, and under its name those that only one has. */
export function registerControls(app: FastifyInstance, machinery: Machinery, providers: Providers): void {
  const guard = createGuard(providers);
  registerLogs(app, machinery, guard);
  registerFaults(app, machinery, guard);
  registerBarriers(app, machinery, guard);
  registerLimits(app, machinery, guard);
  registerTokens(app, machinery, guard);
  for (const [id, provider] of providers) {
    app.post(`/${id}/accounts`, (_request, reply) => reply.code(201).send({ team: provider.createTeam() }));
    app.register(async (own) => provider.controls(own), { prefix: `/${id}` });
    if (provider.webhooks) registerDeliveries(app, id, provider.webhooks);
  }
}

const teamQuery = z.strictObject({ team: z.string() });

function registerLogs(app: FastifyInstance, { effects, requests }: Machinery, guard: Guard): void {
  app.get('/effects', (request) => {
    const query = parseInput(teamQuery, request.query);
    guard(query);
    return { effects: effects.list(query.team) };
  });
  app.get('/requests', (request) => {
    const { team } = parseInput(teamQuery.partial(), request.query);
    if (team !== undefined) guard({ team });
    return { requests: requests.list(team) };
  });
}

function registerFaults(app: FastifyInstance, { faults }: Machinery, guard: Guard): void {
  app.post('/faults', (request, reply) => {
    const fault = parseInput(faultSchema, request.body);
    guard(fault);
    return reply.code(201).send({ id: faults.inject(fault) });
  });
  app.get('/faults', (request) => {
    const query = parseInput(teamQuery, request.query);
    guard(query);
    return { faults: faults.pending(query.team) };
  });
  app.delete('/faults', (request, reply) => {
    const query = parseInput(teamQuery, request.query);
    guard(query);
    faults.clear(query.team);
    return reply.code(204).send();
  });
}

const idParams = z.strictObject({ id: z.string() });

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new ControlError(404, 'no such barrier');
  return value;
}

function registerBarriers(app: FastifyInstance, { barriers }: Machinery, guard: Guard): void {
  app.post('/barriers', (request, reply) => {
    const spec = parseInput(barrierSpecSchema, request.body);
    guard(spec);
    return reply.code(201).send(barriers.create(spec));
  });
  app.get('/barriers/:id', (request) => {
    const { id } = parseInput(idParams, request.params);
    const { wait, timeout_ms: timeoutMs } = parseInput(waitQuery, request.query);
    return wait === undefined ? found(barriers.get(id)) : barriers.wait(id, timeoutMs).then(found);
  });
  app.post('/barriers/:id/release', (request) => {
    const { id } = parseInput(idParams, request.params);
    const { outcome } = parseInput(releaseSchema, request.body);
    return found(barriers.release(id, outcome));
  });
}

const limitsSchema = z.strictObject({ enforced: z.boolean() });

function registerLimits(app: FastifyInstance, { rateLimiter }: Machinery, guard: Guard): void {
  app.put('/teams/:team/limits', (request, reply) => {
    const params = parseInput(teamParams, request.params);
    guard(params);
    rateLimiter.enforce(params.team, parseInput(limitsSchema, request.body).enforced);
    return reply.code(204).send();
  });
}

const teamParams = z.strictObject({ team: z.string() });

function registerTokens(app: FastifyInstance, { tokens }: Machinery, guard: Guard): void {
  app.get('/tokens', () => ({ tokens: tokens.list() }));
  app.post('/teams/:team/expire-tokens', (request) => {
    const params = parseInput(teamParams, request.params);
    guard(params);
    return { expired: tokens.expireTeam(params.team) };
  });
  app.post('/teams/:team/revoke-tokens', (request) => {
    const params = parseInput(teamParams, request.params);
    guard(params);
    return { revoked: tokens.revokeTeam(params.team) };
  });
}
