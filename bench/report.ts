import { isEachOnce, type EffectFigures } from './compare-effects.ts';
import { total, type ShapeFigures } from './figures.ts';
import { formatTable } from './format-table.ts';
import type { MachineFacts } from './machine-facts.ts';
import type { LoadFigures } from './hub/measure-load.ts';
import type { HistoryFigures } from './hub/measure-history.ts';
import type { HitFigures, VaultFigures } from './hub/vault-figures.ts';
import type { ProxyFigures } from './hub/measure-hub.ts';

/** What `--json` writes. Times in milliseconds. */
export interface BenchReport {
  readonly at: string;
  readonly machine: MachineFacts;
  readonly shapes: readonly ShapeFigures[];
  readonly proxy: ProxyFigures;
  /** Of ConnectHub alone. */
  readonly loads: readonly LoadFigures[];
  /** Of calls on an empty and on a full database. */
  readonly history: HistoryFigures;
  readonly vault: VaultFigures;
  readonly effects: EffectFigures;
  /** Bounds that were exceeded, each as a sentence. */
  readonly exceeded: readonly string[];
}

const EXPLANATION = `Each run posts one message through ConnectHub and writes what became of it. "floor" is the shortest hand-written Temporal
program that does so, "inline" and "child" are runs of ours with one skill. "run" is from the order (our POST, the floor's start) to
the result, "workflow" from its start to its end by Temporal's clock. Ratios: how many times the floor.`;

/** The report as plain text. Figures of one report may be compared with each other, hardly with those of another machine. */
export function formatReport({ machine, shapes, proxy, loads, history, vault, effects, exceeded }: BenchReport): string {
  const load = machine.load_average_1m.toFixed(1);
  return [
    `Machine: ${machine.cores} cores (${machine.cpu}), ${machine.platform}, Node ${machine.node}, load ${load} at the start`,
    EXPLANATION,
    formatTable(
      ['shape', 'at a time', 'runs', 'runs/s', 'run p50', 'p99', 'POST p50', 'p99', 'workflow p50', 'p99', ...RATIOS],
      shapes.map(shapeRow),
    ),
    'CPU per run in ms, children of each process included; "load" is this process, and no part of the sum',
    cpuTable(shapes),
    `Proxy: the same chat.postMessage both ways in turns, ${proxy.pairs} pairs`,
    formatTable(
      ['way', 'p50 ms', 'p99 ms'],
      [
        ['straight at the sandbox', ms(proxy.direct.p50_ms), ms(proxy.direct.p99_ms)],
        ['through ConnectHub', ms(proxy.proxy.p50_ms), ms(proxy.proxy.p99_ms)],
        ['added (difference of medians)', ms(proxy.added_ms), ''],
      ],
    ),
    'ConnectHub under load, CPU per request in ms; "direct" is the same call straight at the sandbox. Load, sandbox and database\nshare the cores: two cores for ConnectHub and PostgreSQL alone give "of two cores" a second',
    loadTable(loads),
    historyLines(history),
    `${hitLine('Access tokens', vault.tokens)}\n${hitLine('Data keys', vault.data_keys)}`,
    effectLines(effects),
    ...(exceeded.length === 0 ? [] : [`ABOVE THE BOUNDS of bench/bounds.json:\n${exceeded.join('\n')}`]),
  ].join('\n\n');
}

const RATIOS = ['ratio runs/s', 'run p50', 'workflow p50', 'CPU'];

function shapeRow({ shape, at_a_time, runs, runs_per_second, run, post, workflow, ratio }: ShapeFigures): string[] {
  const times = [run.p50_ms, run.p99_ms, post?.p50_ms, post?.p99_ms, workflow.p50_ms, workflow.p99_ms].map(ms);
  const ratios = [ratio.runs_per_second, ratio.p50, ratio.workflow_p50, ratio.cpu].map((value) => value?.toFixed(2) ?? '-');
  return [shape, String(at_a_time), String(runs), runs_per_second.toFixed(1), ...times, ...ratios];
}

function cpuTable(shapes: readonly ShapeFigures[]): string {
  const parts = Object.keys(shapes[0]?.cpu_ms ?? {});
  if (parts.length === 0) return 'not measured: this system has no /proc';
  const rows = shapes.map(({ shape, at_a_time, cpu_ms }) => {
    const sum = cpu_ms ? total(cpu_ms) : undefined;
    return [shape, String(at_a_time), ms(sum), ...parts.map((part) => ms(cpu_ms?.[part]))];
  });
  return formatTable(['shape', 'at a time', 'sum', ...parts], rows);
}

function loadTable(loads: readonly LoadFigures[]): string {
  const rows = loads.map(({ what, at_a_time, requests, per_second, time, cpu_ms: cpu }) => {
    const own = cpu && (cpu['connecthub'] ?? 0) + (cpu['postgresql'] ?? 0);
    const parts = ['connecthub', 'postgresql', 'sandbox', 'load'].map((part) => cpu?.[part]?.toFixed(2) ?? '-');
    const ofTwoCores = what === 'direct' || !own ? '-' : ((TWO_CORES * 1_000) / own).toFixed(0);
    const times = [ms(time.p50_ms), ms(time.p99_ms)];
    return [what, String(at_a_time), String(requests), per_second.toFixed(0), ...times, ...parts, ofTwoCores];
  });
  const header = ['what', 'at a time', 'requests', 'a second', 'p50 ms', 'p99 ms'];
  return formatTable([...header, 'connecthub', 'postgresql', 'sandbox', 'load', 'of two cores'], rows);
}

const TWO_CORES = 2;

function historyLines({ receipts, connections, bytes_each, seconds, calls, empty, full, ratio }: HistoryFigures): string {
  const row = (what: string, { p50_ms, p95_ms }: HistoryFigures['empty']): string[] => [
    what,
    p50_ms.toFixed(2),
    p95_ms.toFixed(2),
  ];
  const size = `${receipts.toLocaleString('en')} receipts and ledger entries of a year, ${connections.toLocaleString('en')} connections`;
  const effort = `written in ${seconds.toFixed(0)} s, ${bytes_each.toFixed(0)} bytes each with indexes`;
  return [
    `A call on a full database: ${size}; ${effort}. ${calls} calls each way, in turns`,
    formatTable(
      ['database', 'p50 ms', 'p95 ms'],
      [row('empty', empty), row('full', full), ['times', ratio.p50.toFixed(2), ratio.p95.toFixed(2)]],
    ),
  ].join('\n\n');
}

function hitLine(what: string, { answers, cache_hits }: HitFigures): string {
  const counts = Object.entries(answers).map(([answer, count]) => `${answer} ${count}`);
  return `${what} since the start of ConnectHub: ${counts.join(', ')}; ${(100 * cache_hits).toFixed(2)} % at hand`;
}

function effectLines(effects: EffectFigures): string {
  const counts = `Effects: ${effects.expected} messages ordered, ${effects.seen} seen by the sandbox`;
  if (isEachOnce(effects)) return `${counts}, each once`;
  const { missing, repeated, unexpected } = effects;
  return `${counts}: ${missing.length} MISSING, ${repeated.length} REPEATED, ${unexpected.length} UNEXPECTED`;
}

function ms(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(1);
}
