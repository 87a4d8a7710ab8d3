export interface Way {
  from: string;
  to: string;
}

/** The given nodes and all that ways lead to from them. */
export function reachableFrom(starts: string[], ways: Way[]): Set<string> {
  const seen = new Set(starts);
  const open = [...starts];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const { from, to } of ways) {
      if (from !== node || seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}

/** Some circle of ways, as its nodes in order; undefined when there is none. */
export function findCycle(nodes: string[], ways: Way[]): string[] | undefined {
  const left = new Set(nodes);
  for (let end = endOf(left, ways); end !== undefined; end = endOf(left, ways)) left.delete(end);
  const [start] = left;
  if (start === undefined) return undefined;
  // Every node that is left has a way on to another that is left: walking on must come round.
  const path: string[] = [];
  for (
    let node: string | undefined = start;
    node !== undefined;
    node = ways.find(({ from, to }) => from === node && left.has(to))?.to
  ) {
    if (path.includes(node)) return path.slice(path.indexOf(node));
    path.push(node);
  }
  return path;
}

function endOf(left: Set<string>, ways: Way[]): string | undefined {
  return [...left].find((node) => !ways.some(({ from, to }) => from === node && left.has(to)));
}

/** Values that occur more than once, each named once. */
export function repeated(values: string[]): string[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
}
