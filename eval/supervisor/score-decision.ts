/**
 * 1 = exactly those expected; a half = they are among several, so that a person who is asked finds them; else 0. Of a
 * message for nobody everything but nobody is wrong.
 */
export function scoreDecision(expected: readonly string[], chosen: readonly string[]): number {
  const isSame = expected.length === chosen.length && expected.every((name) => chosen.includes(name));
  if (isSame) return 1;
  const areAmong = expected.length > 0 && chosen.length > 1 && expected.every((name) => chosen.includes(name));
  return areAmong ? 0.5 : 0;
}

/** Whether somebody starts by itself who was not meant: worse than nobody, whom a person would hear of. */
export function isMisled(expected: readonly string[], chosen: readonly string[]): boolean {
  const [only] = chosen;
  return chosen.length === 1 && only !== undefined && !expected.includes(only);
}
