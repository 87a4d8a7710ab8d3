import type { Catalogue } from '../contracts/capability.ts';
import type { Evaluate } from '../connecthub/proxy/decide.ts';
import { scoreEntry, type EntryScore } from './builder/score-entry.ts';
import { figuresOf, shortcomings, type Figures } from './figures.ts';
import type { DescriptionSet } from './set/schema.ts';
import { catalogueOf } from './set/set-catalogue.ts';

export interface SetScore {
  name: string;
  /** Only figures are shown. */
  is_held_out: boolean;
  figures: Figures;
  /** Bounds that it misses. */
  short: string[];
  entries: EntryScore[];
}

export interface ScoreSetDeps {
  /** The product's own capabilities. */
  product: Catalogue;
  evaluate: Evaluate;
}

export async function scoreSet(name: string, set: DescriptionSet, { product, evaluate }: ScoreSetDeps): Promise<SetScore> {
  const ofSet = catalogueOf(set.catalogue, product);
  const entries: EntryScore[] = [];
  for (const entry of set.entries) {
    const catalogue = entry.catalogue === undefined ? ofSet : catalogueOf(entry.catalogue, product);
    entries.push(await scoreEntry(entry, catalogue, evaluate));
  }
  const figures = figuresOf(entries);
  return { name, is_held_out: set.held_out, figures, short: shortcomings(figures), entries };
}
