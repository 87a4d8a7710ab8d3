import { cliTypes, searchAttributes } from './search-attributes.ts';

/** A file without these is many times slower; with them it survives `kill -9` of the server. */
const sqlitePragmas = { journal_mode: 'WAL', synchronous: 'NORMAL' };

/**
 * Without the first seven a hop costs 50 ms on the development server, whose single history shard polls its queues
 * 20 times a second, and four matching partitions now and then lose a task for 2 s. Blob limits stay at
 * production's values, so that tests catch payloads that are too large.
 */
const dynamicConfig: Readonly<Record<string, number | boolean>> = {
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'history.visibilityProcessorMaxPollRPS': 2000,
  'history.outboundProcessorMaxPollRPS': 2000,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'system.enableActivityEagerExecution': true,
  'matching.useNewMatcher': true,
  'matching.enableFairness': true,
  'frontend.WorkerHeartbeatsEnabled': true,
  'frontend.ListWorkersEnabled': true,
  'frontend.enableServerVersionCheck': false, // no phone-home
};

export interface ServerPlace {
  readonly dbFile: string;
  readonly port: number;
  readonly uiPort: number;
  readonly namespaces: readonly string[];
}

/** Arguments of `temporal` for a development server on the loopback address, with its Web UI. */
export function serverArguments(place: ServerPlace): string[] {
  const base = ['server', 'start-dev', '--log-level', 'warn', '--color', 'never'];
  const undisturbed = ['--disable-config-env', '--disable-config-file'];
  const address = ['--ip', '127.0.0.1', '--port', String(place.port), '--ui-port', String(place.uiPort)];
  const attributes = searchAttributes.map(({ name, type }) => [name, cliTypes[type]]);
  return [
    ...base,
    ...undisturbed,
    ...address,
    '--db-filename',
    place.dbFile,
    ...place.namespaces.flatMap((name) => ['--namespace', name]),
    ...pairs('--search-attribute', Object.fromEntries(attributes)),
    ...pairs('--sqlite-pragma', sqlitePragmas),
    ...pairs('--dynamic-config-value', dynamicConfig),
  ];
}

function pairs(flag: string, values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${String(value)}`]);
}
