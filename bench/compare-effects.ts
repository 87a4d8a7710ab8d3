export interface EffectFigures {
  /** Messages that were ordered, each with a text of its own. */
  readonly expected: number;
  /** Messages that the provider has. */
  readonly seen: number;
  readonly missing: readonly string[];
  readonly repeated: readonly string[];
  /** Nobody ordered these. */
  readonly unexpected: readonly string[];
}

/** Compares the texts that were to be posted with those that the provider has. */
export function compareEffects(expected: readonly string[], seen: readonly string[]): EffectFigures {
  const counts = new Map<string, number>();
  for (const text of seen) counts.set(text, (counts.get(text) ?? 0) + 1);
  const ordered = new Set(expected);
  return {
    expected: expected.length,
    seen: seen.length,
    missing: expected.filter((text) => !counts.has(text)),
    repeated: [...counts].flatMap(([text, count]) => (count > 1 ? [text] : [])),
    unexpected: [...counts.keys()].filter((text) => !ordered.has(text)),
  };
}

/** Whether each message was made exactly once, and no other. */
export function isEachOnce({ missing, repeated, unexpected }: EffectFigures): boolean {
  return missing.length + repeated.length + unexpected.length === 0;
}
