import { z } from 'zod';
import { barrierStateSchema, issuedTokenSchema, requestRecordSchema } from './control/wire.ts';
import type { BarrierInput, BarrierView, FaultInput, IssuedTokenView, RequestView } from './control/wire.ts';
import { seededMessageSchema, slackEffectSchema, teamSchema } from './slack/wire.ts';
import type { SeedMessageInput, SettingsInput, SlackEffect, TeamView } from './slack/wire.ts';

export interface BarrierHandle {
  id: string;
  /** Resolves once a request is held here; fails after `timeoutMs`. */
  waitUntilHeld(timeoutMs?: number): Promise<BarrierView>;
  /** Lets the held request go, with its answer or with a reset connection. */
  release(outcome?: 'answer' | 'drop'): Promise<void>;
}

export interface SandboxClient {
  /** Makes (or finds) a seeded workspace and tells its ids. */
  createTeam(team?: string): Promise<TeamView>;
  changeSettings(team: string, settings: SettingsInput): Promise<void>;
  /** Plays the person on the consent page: gives the address the browser is sent back to. */
  authorize(authorizeUrl: string, person?: { team?: string; deny?: boolean }): Promise<string>;
  effects(team: string): Promise<SlackEffect[]>;
  requests(team?: string): Promise<RequestView[]>;
  inject(fault: FaultInput): Promise<string>;
  clearFaults(team: string): Promise<void>;
  barrier(spec: BarrierInput): Promise<BarrierHandle>;
  expireTokens(team: string): Promise<void>;
  revokeTokens(team: string): Promise<void>;
  seedMessage(team: string, message: SeedMessageInput): Promise<{ channel: string; ts: string }>;
  tokens(): Promise<IssuedTokenView[]>;
}

type Send = <T>(method: string, path: string, answer: z.ZodType<T>, body?: unknown) => Promise<T>;

const HELD_TIMEOUT_MS = 30_000;
const LONG_POLL_MS = 10_000;
const nothing = z.unknown();

function createSend(url: string): Send {
  return async (method, path, answer, body) => {
    const payload = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(new URL(`/_sandbox${path}`, url), { method, ...payload });
    const text = await response.text();
    if (!response.ok) throw new Error(`sandbox: ${method} ${path} answered ${response.status}: ${text}`);
    return answer.parse(text === '' ? undefined : JSON.parse(text));
  };
}

function createBarrierHandle(send: Send, id: string): BarrierHandle {
  return {
    id,
    async waitUntilHeld(timeoutMs = HELD_TIMEOUT_MS) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const pollMs = Math.min(Math.max(deadline - Date.now(), 1), LONG_POLL_MS);
        const state = await send('GET', `/barriers/${id}?wait=1&timeout_ms=${pollMs}`, barrierStateSchema);
        if (state.state !== 'waiting') return state;
        if (Date.now() >= deadline) throw new Error(`sandbox: no ${state.method} reached the barrier within ${timeoutMs} ms`);
      }
    },
    async release(outcome = 'answer') {
      await send('POST', `/barriers/${id}/release`, barrierStateSchema, { outcome });
    },
  };
}

async function followConsent(authorizeUrl: string, { team, deny = false }: { team?: string; deny?: boolean }): Promise<string> {
  const url = new URL(authorizeUrl);
  if (team !== undefined) url.searchParams.set('team', team);
  if (deny) url.searchParams.set('sandbox_user', 'deny');
  const response = await fetch(url, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`sandbox: consent page answered ${response.status}: ${await response.text()}`);
  return location;
}

/** The control surface of a sandbox, typed; `url` is the sandbox's base address. */
export function createSandboxClient(url: string): SandboxClient {
  const send = createSend(url);
  const ofTeam = (team: string) => `?${new URLSearchParams({ team }).toString()}`;
  return {
    createTeam: (team) => send('POST', '/teams', teamSchema, team === undefined ? {} : { team }),
    changeSettings: async (team, settings) => void (await send('PATCH', `/teams/${team}/settings`, nothing, settings)),
    authorize: (authorizeUrl, person = {}) => followConsent(authorizeUrl, person),
    effects: async (team) =>
      (await send('GET', `/effects${ofTeam(team)}`, z.object({ effects: z.array(slackEffectSchema) }))).effects,
    requests: async (team) =>
      (
        await send(
          'GET',
          `/requests${team === undefined ? '' : ofTeam(team)}`,
          z.object({ requests: z.array(requestRecordSchema) }),
        )
      ).requests,
    inject: async (fault) => (await send('POST', '/faults', z.object({ id: z.string() }), fault)).id,
    clearFaults: async (team) => void (await send('DELETE', `/faults${ofTeam(team)}`, nothing)),
    barrier: async (spec) => createBarrierHandle(send, (await send('POST', '/barriers', barrierStateSchema, spec)).id),
    expireTokens: async (team) => void (await send('POST', `/teams/${team}/expire-tokens`, nothing)),
    revokeTokens: async (team) => void (await send('POST', `/teams/${team}/revoke-tokens`, nothing)),
    seedMessage: (team, message) => send('POST', `/teams/${team}/messages`, seededMessageSchema, message),
    tokens: async () => (await send('GET', '/tokens', z.object({ tokens: z.array(issuedTokenSchema) }))).tokens,
  };
}
