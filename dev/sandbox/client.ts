import { z } from 'zod';
import { createCalendarControls } from './calendar/client.ts';
import type { CalendarControls } from './calendar/client.ts';
import { createDeskControls } from './desk/client.ts';
import type { DeskControls } from './desk/client.ts';
import { createGitHubControls } from './github/client.ts';
import type { GitHubControls } from './github/client.ts';
import { createGmailControls } from './gmail/client.ts';
import type { GmailControls } from './gmail/client.ts';
import { attemptsSchema, type DeliveryInput } from './control/deliveries.ts';
import { createSend } from './control/send.ts';
import type { Send } from './control/send.ts';
import { barrierStateSchema, issuedTokenSchema, requestRecordSchema } from './control/wire.ts';
import type { BarrierInput, BarrierView, FaultInput, IssuedTokenView, RequestView } from './control/wire.ts';
import type { ProviderId } from './providers.ts';
import { createQuickBooksControls } from './quickbooks/client.ts';
import type { QuickBooksControls } from './quickbooks/client.ts';
import { createStripeControls } from './stripe/client.ts';
import type { StripeControls } from './stripe/client.ts';
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
  /** Makes a seeded account of its own at a provider; gives its id, the `team` of all that follows. */
  createAccount(provider: ProviderId): Promise<string>;
  /** Plays the person on a consent page: gives the address that the browser is sent back to. */
  authorize(authorizeUrl: string, person?: ConsentingPerson): Promise<string>;
  requests(team?: string): Promise<RequestView[]>;
  inject(fault: FaultInput): Promise<string>;
  clearFaults(team: string): Promise<void>;
  barrier(spec: BarrierInput): Promise<BarrierHandle>;
  /** Enforces the limits that the provider documents, over this account: what has no room is answered 429. */
  enforceLimits(team: string): Promise<void>;
  expireTokens(team: string): Promise<void>;
  revokeTokens(team: string): Promise<void>;
  tokens(): Promise<IssuedTokenView[]>;
  /** The provider tells an address of the application what happened, signed, until it is taken: gives the attempts. */
  deliver(provider: ProviderId, delivery: DeliveryInput): Promise<{ status: number | null; body: string }[]>;

  readonly calendar: CalendarControls;
  readonly desk: DeskControls;
  readonly github: GitHubControls;
  readonly gmail: GmailControls;
  readonly quickbooks: QuickBooksControls;
  readonly stripe: StripeControls;

  // Slack's own
  /** Makes (or finds) a seeded workspace and tells its ids. */
  createTeam(team?: string): Promise<TeamView>;
  changeSettings(team: string, settings: SettingsInput): Promise<void>;
  effects(team: string): Promise<SlackEffect[]>;
  seedMessage(team: string, message: SeedMessageInput): Promise<{ channel: string; ts: string }>;
}

/** What the person in front of a consent page does. */
export interface ConsentingPerson {
  /** The account that they choose; the provider's home account otherwise. */
  team?: string;
  deny?: boolean;
  /** Scopes that they untick, where the provider's page lets them. */
  untick?: readonly string[];
}

const HELD_TIMEOUT_MS = 30_000;
const LONG_POLL_MS = 10_000;
const nothing = z.unknown();

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

async function followConsent(authorizeUrl: string, { team, deny = false, untick = [] }: ConsentingPerson): Promise<string> {
  const url = new URL(authorizeUrl);
  if (team !== undefined) url.searchParams.set('team', team);
  if (deny) url.searchParams.set('sandbox_user', 'deny');
  if (untick.length > 0) url.searchParams.set('sandbox_untick', untick.join(' '));
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
    createAccount: async (provider) => (await send('POST', `/${provider}/accounts`, z.object({ team: z.string() }))).team,
    createTeam: (team) => send('POST', '/slack/teams', teamSchema, team === undefined ? {} : { team }),
    changeSettings: async (team, settings) => void (await send('PATCH', `/slack/teams/${team}/settings`, nothing, settings)),
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
    enforceLimits: async (team) =>
      void (await send('PUT', `/teams/${encodeURIComponent(team)}/limits`, nothing, { enforced: true })),
    expireTokens: async (team) => void (await send('POST', `/teams/${encodeURIComponent(team)}/expire-tokens`, nothing)),
    revokeTokens: async (team) => void (await send('POST', `/teams/${encodeURIComponent(team)}/revoke-tokens`, nothing)),
    deliver: async (provider, delivery) => (await send('POST', `/${provider}/deliveries`, attemptsSchema, delivery)).attempts,
    seedMessage: (team, message) => send('POST', `/slack/teams/${team}/messages`, seededMessageSchema, message),
    calendar: createCalendarControls(send),
    desk: createDeskControls(send),
    github: createGitHubControls(send),
    gmail: createGmailControls(send),
    quickbooks: createQuickBooksControls(send),
    stripe: createStripeControls(send),
    tokens: async () => (await send('GET', '/tokens', z.object({ tokens: z.array(issuedTokenSchema) }))).tokens,
  };
}
