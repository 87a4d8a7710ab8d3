import { parseExposition } from '../../test/metrics/exposition.ts';

/** How often ConnectHub had tokens and data keys at hand, and how else it had them, since its start. */
export interface VaultFigures {
  readonly tokens: HitFigures;
  readonly data_keys: HitFigures;
}

export interface HitFigures {
  /** By how they were had, as the metric's label has it. */
  readonly answers: { readonly [answer: string]: number };
  /** Of all, from 0 to 1. */
  readonly cache_hits: number;
}

/** @throws Error where ConnectHub's metrics are not to be had. */
export async function readVaultFigures(metricsUrl: string): Promise<VaultFigures> {
  const answer = await fetch(metricsUrl);
  if (!answer.ok) throw new Error(`ConnectHub's metrics answered ${answer.status}`);
  const said = parseExposition(await answer.text());
  const hits = (name: string): HitFigures => {
    const answers = Object.fromEntries(said.series(name).map(({ labels, value }) => [labels['answer'] ?? '', value]));
    const all = Object.values(answers).reduce((sum, value) => sum + value, 0);
    return { answers, cache_hits: all === 0 ? 0 : (answers['cache'] ?? 0) / all };
  };
  return { tokens: hits('clancy_token_uses_total'), data_keys: hits('clancy_data_key_uses_total') };
}
