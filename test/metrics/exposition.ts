/** A scrape in Prometheus' text format 0.0.4, read strictly: what Prometheus would only put up with is an error here. */
export interface Exposition {
  /** Of each metric, by its own name, without the suffixes of histograms. */
  readonly types: ReadonlyMap<string, string>;
  /** The series of that exact name; of histograms with its suffix. */
  series(name: string): Sample[];
  /** The value of exactly this series. @throws Error when there is none */
  value(name: string, labels?: Labels): number;
  /** The sum over all series that have these labels among theirs. */
  sum(name: string, labels?: Labels): number;
}

export interface Labels {
  readonly [label: string]: string;
}

export interface Sample {
  labels: Labels;
  value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/;
// The client library writes `Nan` where it has measured nothing yet; Prometheus takes either.
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|Na[Nn]|[+-]Inf)$/;
const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary']);

/**
 * @throws Error for a sample without HELP and TYPE before it, a metric in two places, a series that stands twice, a counter
 * without `_total`, text after the last line.
 */
export function parseExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const helps = new Map<string, string>();
  const types = new Map<string, string>();
  const samples = new Map<string, Map<string, Sample>>();
  let current = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (kind === 'HELP') once(helps, name, rest.trim());
    else if (kind === 'TYPE') {
      if (!TYPES.has(rest)) throw new Error(`${name} has the type ${rest}`);
      once(types, name, rest);
      current = name;
    } else addSample(samples, line, current, types.get(current));
  }
  for (const [name, type] of types) {
    if (!helps.get(name)) throw new Error(`${name} has no HELP`);
    if (type === 'counter' && !name.endsWith('_total')) throw new Error(`${name} is a counter without _total`);
  }
  const series = (name: string): Sample[] => [...(samples.get(name)?.values() ?? [])];
  return {
    types,
    series,
    value: (name, labels = {}) => {
      const found = samples.get(name)?.get(keyOf(labels));
      if (!found) throw new Error(`there is no ${name}${JSON.stringify(labels)}`);
      return found.value;
    },
    sum: (name, labels = {}) =>
      series(name)
        .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
        .reduce((sum, { value }) => sum + value, 0),
  };
}

function once(known: Map<string, string>, name: string, value: string): void {
  if (!NAME.test(name)) throw new Error(`${name} is no name`);
  if (known.has(name)) throw new Error(`${name} is described twice`);
  known.set(name, value);
}

function addSample(samples: Map<string, Map<string, Sample>>, line: string, current: string, type: string | undefined): void {
  const [, name = '', inner = '', number = ''] = LINE.exec(line) ?? [];
  if (!NUMBER.test(number)) throw new Error(`this is no sample: ${line}`);
  const own = type === 'histogram' || type === 'summary' ? name.replace(/_(?:bucket|sum|count)$/, '') : name;
  if (own !== current || type === undefined) throw new Error(`${name} stands under ${current}`);
  const labels = readLabels(inner);
  const all = samples.get(name) ?? new Map<string, Sample>();
  if (all.has(keyOf(labels))) throw new Error(`twice: ${line}`);
  all.set(keyOf(labels), { labels, value: Number(number.replace('Inf', 'Infinity')) });
  samples.set(name, all);
}

function readLabels(text: string): Labels {
  const labels: { [label: string]: string } = {};
  for (let rest = text; rest !== '';) {
    const [all, label, value = ''] = LABEL.exec(rest) ?? [];
    if (all === undefined || label === undefined || label in labels) throw new Error(`these are no labels: ${text}`);
    labels[label] = value.replaceAll(/\\(["\\n])/g, (_, char: string) => (char === 'n' ? '\n' : char));
    rest = rest.slice(all.length);
  }
  return labels;
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
