import type { CountedLimit } from '../core/rate-limits.ts';
import type { RawArgs } from './args.ts';
import type { Workspace } from './workspace.ts';

const MINUTE_MS = 60_000;

/** https://docs.slack.dev/apis/web-api/rate-limits, and the tier on each method's page. */
const PER_MINUTE: { readonly [method: string]: number } = {
  'auth.revoke': 50,
  'auth.test': 200,
  'chat.postMessage': 200,
  'conversations.history': 50,
  'conversations.info': 50,
  'conversations.list': 20,
  'conversations.open': 50,
  'conversations.replies': 50,
  'reactions.add': 50,
  'reactions.get': 50,
  'search.messages': 20,
  'users.list': 20,
  'users.lookupByEmail': 50,
};

/** What a call counts against: its method's tier, and for a message its channel, by whatever name it goes. */
export function limitsOf(method: string, args: RawArgs, workspace: Workspace | undefined): CountedLimit[] {
  const most = PER_MINUTE[method];
  if (most === undefined) return [];
  const tier = { key: method, units: 1, most, perMs: MINUTE_MS };
  if (method !== 'chat.postMessage') return [tier];
  const named = typeof args['channel'] === 'string' ? args['channel'] : '';
  const known = [...(workspace?.conversations.values() ?? [])].find(
    ({ name }) => name !== '' && name === named.replace(/^#/, ''),
  );
  return [tier, { key: `${method} ${known?.id ?? named}`, units: 1, most: 1, perMs: 1_000 }];
}
