import { isEachOnce, type EffectFigures } from './compare-effects.ts';
import { formatTable } from './format-table.ts';
import type { MachineFacts } from './machine-facts.ts';
import type { ProxyFigures } from './measure-proxy.ts';
import type { RunFigures } from './measure-runs.ts';

/** What `--json` writes. Times in milliseconds. */
export interface BenchReport {
  readonly at: string;
  readonly machine: MachineFacts;
  readonly runs: readonly RunFigures[];
  readonly proxy: ProxyFigures;
  readonly effects: EffectFigures;
}

/** The report as plain text. Figures of one report may be compared with each other, hardly with those of another machine. */
export function formatReport({ machine, runs, proxy, effects }: BenchReport): string {
  const load = machine.load_average_1m.toFixed(1);
  return [
    `Machine: ${machine.cores} cores (${machine.cpu}), ${machine.platform}, Node ${machine.node}, load ${load} at the start`,
    'Runs: one skill as a child workflow with one slack.post; "result" is from the 202 to the workflow\'s result',
    formatTable(
      ['at a time', 'runs', 'runs/s', 'POST p50 ms', 'POST p99 ms', 'result p50 ms', 'result p99 ms'],
      runs.map(runRow),
    ),
    ratioLine(runs),
    `Proxy: the same chat.postMessage both ways in turns, ${proxy.pairs} pairs`,
    formatTable(
      ['way', 'p50 ms', 'p99 ms'],
      [
        ['straight at the sandbox', ms(proxy.direct.p50_ms), ms(proxy.direct.p99_ms)],
        ['through ConnectHub', ms(proxy.proxy.p50_ms), ms(proxy.proxy.p99_ms)],
        ['added (difference of medians)', ms(proxy.added_ms), ''],
      ],
    ),
    effectLines(effects),
  ].join('\n\n');
}

function runRow({ at_a_time, runs, runs_per_second, post, result }: RunFigures): string[] {
  const times = [post.p50_ms, post.p99_ms, result.p50_ms, result.p99_ms].map(ms);
  return [String(at_a_time), String(runs), runs_per_second.toFixed(1), ...times];
}

function ratioLine(runs: readonly RunFigures[]): string {
  const [one, ...others] = runs;
  if (!one) return '';
  return others
    .map((many) => {
      const ratio = (many.runs_per_second / one.runs_per_second).toFixed(1);
      return `${many.at_a_time} at a time: ${ratio} times the runs/s of ${one.at_a_time} at a time`;
    })
    .join('\n');
}

function effectLines(effects: EffectFigures): string {
  const counts = `Effects: ${effects.expected} messages ordered, ${effects.seen} seen by the sandbox`;
  if (isEachOnce(effects)) return `${counts}, each once`;
  const { missing, repeated, unexpected } = effects;
  return `${counts}: ${missing.length} MISSING, ${repeated.length} REPEATED, ${unexpected.length} UNEXPECTED`;
}

function ms(value: number): string {
  return value.toFixed(1);
}
