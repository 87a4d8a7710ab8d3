import type { GmailEffect } from '../sandbox/gmail/wire.ts';
import type { QuickBooksEffect } from '../sandbox/quickbooks/client.ts';
import type { SlackEffect } from '../sandbox/slack/wire.ts';

export interface EffectCount {
  readonly what: string;
  readonly count: number;
}

/**
 * Counts the providers' effects by what a person would call the same thing.
 *
 * @throws Error naming the first one that was made more than once, or when there is none at all.
 */
export function assertOnce(effects: readonly (SlackEffect | GmailEffect | QuickBooksEffect)[]): EffectCount[] {
  const counts = new Map<string, number>();
  for (const effect of effects) counts.set(nameOf(effect), (counts.get(nameOf(effect)) ?? 0) + 1);
  if (counts.size === 0) throw new Error('the sandbox saw no effect');
  const repeated = [...counts].find(([, count]) => count > 1);
  if (repeated) throw new Error(`made ${repeated[1]} times: ${repeated[0]}`);
  return [...counts].map(([what, count]) => ({ what, count }));
}

function nameOf(effect: SlackEffect | GmailEffect | QuickBooksEffect): string {
  switch (effect.provider) {
    case 'slack': {
      if (effect.method === 'reactions.add') return `reaction :${effect.reaction}: on message ${effect.ts} in ${effect.channel}`;
      const firstLine = (effect.text ?? '').split('\n')[0]?.slice(0, 60);
      return `${effect.method} in ${effect.channel}: ${firstLine}`;
    }
    case 'gmail':
      return `${effect.method} to ${effect.to.join(', ')}: ${effect.subject}`;
    case 'quickbooks':
      return `${effect.method} ${effect.id}`;
  }
}
