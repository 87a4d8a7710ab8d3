import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { allMetrics } from './all-metrics.ts';
import type { Exposition } from './exposition.ts';

const rulesSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.strictObject({ summary: z.string().min(1), recipe: z.string().min(1) }),
        }),
      ),
    }),
  ),
});

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const rules = rulesSchema.parse(parse(read('deploy/alerts.yml'))).groups.flatMap((group) => group.rules);

/** A metric in an expression, with the matchers behind it. */
const SELECTOR = /\b((?:clancy|http)_[a-z_]+)(?:\{([^}]*)\})?/g;
const MATCHER = /([a-z_]+)(=~|=)"([^"]*)"/g;
/** Labels that Prometheus itself adds. */
const OF_TARGETS = new Set(['job', 'instance']);

let all: Exposition[];
beforeAll(async () => {
  all = Object.values(await allMetrics());
});

test.each(['api', 'connecthub', 'worker'] as const)('what %s says stands in docs/telemetry.md', async (process) => {
  const documented = read('docs/telemetry.md');
  const missing = [...(await allMetrics())[process].types.keys()].filter((name) => !documented.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test('docs/telemetry.md names no metric that there is not', () => {
  const named = [...read('docs/telemetry.md').matchAll(/`(clancy_[a-z_]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !all.some((text) => has(text, name)))).toEqual([]);
});

/** Series of histograms have a suffix. */
const has = ({ types }: Exposition, name: string): boolean =>
  types.has(name) || types.has(name.replace(/_(?:count|sum|bucket)$/, ''));

test.each(rules)('$alert names metrics that there are, and labels that they have', ({ expr }) => {
  const selectors = [...expr.matchAll(SELECTOR)];
  expect(expr.startsWith('up{') || selectors.length > 0).toBe(true);
  for (const [, name = '', matchers = ''] of selectors) {
    const withIt = all.filter((text) => has(text, name));
    expect(withIt.length).toBeGreaterThan(0);
    const series = withIt.flatMap((text) => text.series(name));
    // Those of many combinations have no series before the first event.
    if (series.length === 0) continue;
    const wanted = [...matchers.matchAll(MATCHER)].filter(([, label = '']) => !OF_TARGETS.has(label));
    const isMet = ({ labels }: (typeof series)[number]) =>
      wanted.every(([, label = '', operator, word = '']) =>
        operator === '=' ? labels[label] === word : new RegExp(`^(?:${word})$`).test(labels[label] ?? ''),
      );
    // The engine is away here: its gauges have no series, and those of the databases have all.
    expect(series.filter(isMet)).not.toEqual([]);
  }
});

test('each alert has a name of its own', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
});

test('each alert leads to a heading of docs/operate.md', () => {
  const headings = new Set([...read('docs/operate.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading));
  expect(rules.map(({ annotations }) => annotations.recipe).filter((recipe) => !headings.has(recipe))).toEqual([]);
});
