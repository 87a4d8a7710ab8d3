import { z } from 'zod';
import type { HubHarness } from '../../connecthub/testing/harness.ts';
import type { Call } from './caller.ts';
import type { KillGround } from './ground.ts';
import type { Site } from './sites.ts';

/** A request that would make the effect, made or not. */
export interface SeenRequest {
  readonly requestId: string;
  readonly atMs: number;
  /** Null: it was never answered. */
  readonly status: number | null;
}

/** An effect that the provider made. */
export interface SeenEffect {
  /** The provider's own id of it, in the form of a receipt. */
  readonly effectId: string;
  readonly requestId: string;
  readonly atMs: number;
}

/** What the provider saw of one call: the only judge. */
export interface Evidence {
  readonly requests: SeenRequest[];
  readonly effects: SeenEffect[];
}

/** Reads the logs of all accounts and tells what belongs to which call; an effect that belongs to none is a failure. */
export async function gatherEvidence({ harness, calls: all }: KillGround): Promise<(call: Call) => Evidence> {
  const calls = all();
  const found = new Map(calls.map(({ tag }): [string, Evidence] => [tag, { requests: [], effects: [] }]));
  const tagsOfKeys = await readNativeKeys(harness, calls);
  for (const site of new Set(calls.map((call) => call.site))) {
    for (const { args, at, request_id: requestId, status } of await requestsOf(harness, site)) {
      const tag = tagIn(args) ?? Object.values(args).flatMap((value) => tagsOfKeys.get(String(value)) ?? [])[0];
      found.get(tag ?? '')?.requests.push({ requestId, status, atMs: Date.parse(at) });
    }
    for (const effect of await effectsOf(harness, site)) {
      const evidence = found.get(tagIn(effect) ?? '');
      if (!evidence) throw new Error(`nobody asked for this: ${JSON.stringify(effect)}`);
      evidence.effects.push(toSeen(effect));
    }
  }
  return ({ tag }) => found.get(tag) ?? { requests: [], effects: [] };
}

const tagIn = (value: unknown): string | undefined => /tag-\d+\./.exec(JSON.stringify(value))?.[0];

async function requestsOf({ surroundings: { sandbox } }: HubHarness, { kind, office }: Site) {
  return (await sandbox.requests(office.team)).filter(({ method }) => method === kind.method);
}

async function effectsOf({ surroundings: { sandbox } }: HubHarness, { kind, office }: Site): Promise<{ method: string }[]> {
  const readers = {
    quickbooks: () => sandbox.quickbooks.effects(office.team),
    stripe: () => sandbox.stripe.effects(office.team),
    slack: () => sandbox.effects(office.team),
  };
  const effects: { method: string }[] = await readers[kind.provider]();
  return effects.filter(({ method }) => method === kind.method);
}

const effectSchema = z.looseObject({
  request_id: z.string(),
  at: z.string(),
  id: z.string().nullish(),
  channel: z.string().nullish(),
  ts: z.string().nullish(),
});

function toSeen(effect: unknown): SeenEffect {
  const { request_id: requestId, at, id, channel, ts } = effectSchema.parse(effect);
  return { requestId, atMs: Date.parse(at), effectId: id ?? `${channel}/${ts}` };
}

/** Providers' logs hold no bodies: a request is known by the key that the provider was given. */
async function readNativeKeys({ owner }: HubHarness, calls: readonly Call[]): Promise<Map<string, string>> {
  const tags = new Map(calls.map(({ callId, tag }) => [callId, tag]));
  const { rows } = await owner.query<{ call_id: string; native_key: string }>(
    'select call_id, native_key from hub.call_keys where call_id = any ($1)',
    [[...tags.keys()]],
  );
  return new Map(rows.map(({ call_id: callId, native_key: key }) => [key, tags.get(callId) ?? '']));
}
