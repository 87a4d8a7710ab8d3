import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Stack } from '../dev/stack/start-stack.ts';
import { readCpu, type CpuTimes } from './cpu.ts';

const pidFileSchema = z.looseObject({ pid: z.int().positive() });

/** Reads the CPU of the parts of a stack, of the floor's worker (where it runs) among the workers, and of this process as `load`. */
export async function stackCpu(stack: Stack, floorPid?: number): Promise<() => Promise<CpuTimes | undefined>> {
  const { processes, temporal, postgres, dir } = stack;
  const roots = {
    ...(temporal.pid !== undefined && { server: temporal.pid }),
    worker: processes.worker.pid,
    ...(floorPid !== undefined && { floor: floorPid }),
    api: processes.api.pid,
    connecthub: processes.connecthub.pid,
    ...(postgres.pid !== undefined && { postgresql: postgres.pid }),
    issuers: await pidIn(join(dir, 'issuers.pid')),
    sandbox: await pidIn(join(dir, 'sandbox.pid')),
  };
  return async () => {
    const cpu = await readCpu(roots);
    return cpu && { ...withFloorAsWorker(cpu), load: ownMs() };
  };
}

/** The floor's worker idles while ours works, and the other way round. */
function withFloorAsWorker({ floor = 0, worker = 0, ...others }: CpuTimes): CpuTimes {
  return { worker: worker + floor, ...others };
}

function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function pidIn(file: string): Promise<number> {
  return pidFileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).pid;
}
