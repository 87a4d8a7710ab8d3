import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../dev/stack/environment.ts';
import { formatTable } from '../format-table.ts';
import type { Measured } from '../measure-shapes.ts';
import { byPlace, profileSchema, selfTimes, type CpuProfile, type SelfTime } from './self-times.ts';

export const PROFILED = ['worker', 'api', 'connecthub', 'bench-floor'] as const;
export type Profiled = (typeof PROFILED)[number];

const PLACES_SHOWN = 12;
const FUNCTIONS_SHOWN = 25;

/** What makes Node write CPU profiles of each of its threads into `folder`. */
export async function profiling(folder: string): Promise<{ readonly [process in Profiled]: Environment }> {
  const into = async (name: Profiled): Promise<Environment> => {
    const dir = join(folder, name);
    await mkdir(dir, { recursive: true });
    const recorder = new URL('record.mjs', import.meta.url);
    recorder.searchParams.set('dir', dir);
    return { NODE_OPTIONS: `--import ${recorder.href}` };
  };
  return {
    worker: await into('worker'),
    api: await into('api'),
    connecthub: await into('connecthub'),
    'bench-floor': await into('bench-floor'),
  };
}

/** Where the JavaScript of each process spent its time per run, shape by shape; the processes must have ended. */
export async function formatProfiles(folder: string, measured: readonly Measured[]): Promise<string> {
  const parts: string[] = [];
  for (const name of PROFILED) {
    const profiles = await readProfiles(join(folder, name));
    for (const { shape, atATime, samples, windows } of measured) {
      if ((shape === 'floor') !== (name === 'bench-floor') && name !== 'connecthub') continue;
      const times = selfTimes(profiles, windows);
      parts.push(section(`${name}: ${shape}, ${atATime} at a time`, times, samples.length));
    }
  }
  return parts.join('\n\n');
}

async function readProfiles(dir: string): Promise<CpuProfile[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.cpuprofile'));
  return Promise.all(files.map(async (file) => profileSchema.parse(JSON.parse(await readFile(join(dir, file), 'utf8')))));
}

function section(title: string, times: readonly SelfTime[], runs: number): string {
  const perRun = (ms: number): string => (ms / runs).toFixed(2);
  const sum = times.reduce((all, { ms }) => all + ms, 0);
  const places = byPlace(times).slice(0, PLACES_SHOWN);
  const functions = times.slice(0, FUNCTIONS_SHOWN);
  return [
    `${title}: ${perRun(sum)} ms of JavaScript per run`,
    formatTable(
      ['place', 'ms per run'],
      places.map(({ place, ms }) => [place, perRun(ms)]),
    ),
    formatTable(
      ['function', 'ms per run'],
      functions.map(({ name, place, ms }) => [`${name} (${place})`, perRun(ms)]),
    ),
  ].join('\n\n');
}
