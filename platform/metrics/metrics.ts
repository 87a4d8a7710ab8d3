import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createScrape, type Source } from './scrape.ts';
import { bounded, combinations, FROM_CODE, readRules, type LabelRules, type LabelValues } from './labels.ts';

export { FROM_CODE } from './labels.ts';
export type { LabelRules } from './labels.ts';

/** What a metric is: a name by Prometheus' conventions (base units, `_total` for counters), and one sentence about it. */
export interface MetricOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: LabelRules<L>;
}

export interface Count<L extends string> {
  add(labels: LabelValues<L>, by?: number): void;
}

export interface Level<L extends string> {
  set(labels: LabelValues<L>, value: number): void;
  /** Forgets every value: what is set no more is absent, and not zero. */
  clear(): void;
}

export interface Spread<L extends string> {
  observe(labels: LabelValues<L>, value: number): void;
}

/** The metrics of one process. */
export interface Metrics {
  /** Where the labels have few combinations, each of them starts at 0, so that the first event is an increase. */
  counter<L extends string = never>(options: MetricOptions<L>): Count<L>;
  gauge<L extends string = never>(options: MetricOptions<L>): Level<L>;
  /** @param options `buckets`: upper bounds, in the metric's unit */
  histogram<L extends string = never>(options: MetricOptions<L> & { buckets: readonly number[] }): Spread<L>;
  /** Told before each answer to bring its gauges up to date. Failing or late, it must have cleared them. */
  beforeScrape(source: Source): void;
  /** Metrics of another library in the same format, put behind ours. */
  append(name: string, read: () => Promise<string>): void;
  /** Everything in Prometheus' text format. Askers at the same time share an answer. */
  text(): Promise<string>;
}

export interface About {
  readonly version: string;
  /** From `readBuild`; undefined where a process runs from its sources. */
  readonly buildId?: string | undefined;
  readonly mode: string;
}

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Combinations of labels up to which counters start with all of them. */
const MAX_FROM_ZERO = 64;

/** @param options `node`: also what Node says of its process, of which there is one per process */
export function createMetrics(about: About, options: { node?: boolean } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.node === true) addNode(registry);
  const metrics: Metrics = {
    counter: ({ labels, ...rest }) => {
      const rules = readRules(labels);
      const counter = new Counter({ ...rest, labelNames: [...rules.keys()], registers });
      for (const start of combinations(rules, MAX_FROM_ZERO)) counter.inc(start, 0);
      return { add: (values, by = 1) => counter.inc(bounded(rules, values), by) };
    },
    gauge: ({ labels, ...rest }) => {
      const rules = readRules(labels);
      const gauge = new Gauge({ ...rest, labelNames: [...rules.keys()], registers });
      const clear = (): void => {
        gauge.reset();
        // The one value of a gauge without labels would become 0, which is a value.
        if (labels === undefined) gauge.remove({});
      };
      clear();
      return { set: (values, value) => gauge.set(bounded(rules, values), value), clear };
    },
    histogram: ({ labels, buckets, ...rest }) => {
      const rules = readRules(labels);
      const histogram = new Histogram({ ...rest, labelNames: [...rules.keys()], buckets: [...buckets], registers });
      return { observe: (values, value) => histogram.observe(bounded(rules, values), value) };
    },
    beforeScrape: (source) => scrape.before(source),
    append: (name, read) => scrape.append(name, read),
    text: () => scrape.text(),
  };
  const scrape = createScrape(metrics, () => registry.metrics());
  metrics
    .gauge({
      name: 'clancy_build_info',
      help: 'Always 1; its labels say which release runs, from which build, in which mode.',
      labels: { version: FROM_CODE, build_id: FROM_CODE, mode: FROM_CODE },
    })
    .set({ version: about.version, build_id: about.buildId ?? 'none', mode: about.mode }, 1);
  return metrics;
}

/** Of Node's metrics all but three gauges that are called `_total` and repeat what others say by type. */
function addNode(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const what of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${what}_total`);
}
