/** The label takes words of our own code, each from a closed list by its nature: route templates, versions. Never input. */
export const FROM_CODE = 'from code';

/** For each label the words that it may have; any other word is counted as `other`, so that input makes no new series. */
export type LabelRules<L extends string> = { readonly [label in L]: readonly string[] | typeof FROM_CODE };
/** Undefined counts as `other`, too. */
export type LabelValues<L extends string> = { readonly [label in L]: string | undefined };

export const OTHER = 'other';

type Rules = ReadonlyMap<string, ReadonlySet<string> | undefined>;

export function readRules(rules: LabelRules<string> = {}): Rules {
  return new Map(Object.entries(rules).map(([label, words]) => [label, words === FROM_CODE ? undefined : new Set(words)]));
}

/** The values with every unforeseen one replaced. */
export function bounded(rules: Rules, values: LabelValues<string>): { [label: string]: string } {
  const kept: { [label: string]: string } = {};
  for (const [label, words] of rules) {
    const value = values[label] ?? OTHER;
    kept[label] = words === undefined || words.has(value) ? value : OTHER;
  }
  return kept;
}

/** Every combination of the closed lists; none where a list is open or there would be more than `most`. */
export function combinations(rules: Rules, most: number): { [label: string]: string }[] {
  let all: { [label: string]: string }[] = [{}];
  for (const [label, words] of rules) {
    if (words === undefined || all.length * words.size > most) return [];
    all = all.flatMap((one) => [...words].map((word) => ({ ...one, [label]: word })));
  }
  return all;
}
