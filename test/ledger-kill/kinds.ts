import type { JsonObject } from '../../contracts/json.ts';

/** How a call whose answer was lost is settled (design, "Effects happen once", 5). */
export type Strategy = 'native' | 'lookup' | 'none';
export const STRATEGIES: readonly Strategy[] = ['native', 'lookup', 'none'];

/** A write of one strategy. */
export interface Kind {
  readonly strategy: Strategy;
  readonly provider: 'quickbooks' | 'stripe' | 'slack';
  readonly capability: string;
  /** The provider's own name of the request that makes the effect. */
  readonly method: string;
  /** Scopes that the connection lacks. */
  readonly lacks: readonly string[];
  /** Parameters by whose tag the effect is told from all others. */
  parameters(tag: string): JsonObject;
}

const slackPost = {
  provider: 'slack',
  capability: 'slack.post',
  method: 'chat.postMessage',
  parameters: (tag: string) => ({ channel: '#billing', text: tag }),
} as const;

export const KINDS: readonly Kind[] = [
  {
    strategy: 'native',
    provider: 'quickbooks',
    capability: 'invoice.create',
    method: 'invoice.create',
    lacks: [],
    parameters: (tag) => ({ customer: 'Marsh & Sons', currency: 'USD', lines: [{ description: tag, amount: 1 }] }),
  },
  {
    strategy: 'native',
    provider: 'stripe',
    capability: 'invoice.create',
    method: 'invoices.create',
    lacks: [],
    parameters: (tag) => ({ customer: 'office@hillside.example', currency: 'USD', description: tag }),
  },
  { ...slackPost, strategy: 'lookup', lacks: [] },
  { ...slackPost, strategy: 'none', lacks: ['channels:history'] },
];
