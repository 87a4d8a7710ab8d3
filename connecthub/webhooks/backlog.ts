import type { HubDatabase } from '../../db/client.ts';

/** What providers told and Agent-Core has not taken, over all organisations. */
export interface WebhookBacklog {
  unsent: number;
  oldest_unsent_seconds: number;
  /** Refused for what they are: each waits for a person. */
  parked: number;
}

/** Agent-Core may be exchanged for another release meanwhile; longer than that nobody should wait for an event. */
const LATE_SECONDS = 300;

export async function webhookBacklog({ jobs }: Pick<HubDatabase, 'jobs'>): Promise<WebhookBacklog> {
  const figures = await jobs.webhookFigures();
  const unsent = figures.filter(({ kind }) => kind === 'unsent');
  const sum = (own: typeof figures) => own.reduce((total, { amount }) => total + amount, 0);
  return {
    unsent: sum(unsent),
    oldest_unsent_seconds: Math.floor(Math.max(0, ...unsent.map(({ oldestSeconds }) => oldestSeconds))),
    parked: sum(figures.filter(({ kind }) => kind === 'parked')),
  };
}

export function isLate(backlog: WebhookBacklog | null): boolean {
  return backlog !== null && backlog.oldest_unsent_seconds > LATE_SECONDS;
}
