import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os';

/** What a reader must know of the machine before comparing figures. */
export interface MachineFacts {
  readonly cores: number;
  readonly cpu: string;
  readonly platform: string;
  readonly node: string;
  /** Processes that wanted a core in the last minute: what else was going on. */
  readonly load_average_1m: number;
}

export function machineFacts(): MachineFacts {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
    load_average_1m: loadavg()[0] ?? 0,
  };
}
