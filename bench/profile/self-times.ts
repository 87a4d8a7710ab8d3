import { z } from 'zod';
import type { Window } from '../measure-shapes.ts';

/** What V8's profiler writes: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile */
export const profileSchema = z.looseObject({
  nodes: z.array(
    z.looseObject({
      id: z.number(),
      callFrame: z.looseObject({ functionName: z.string(), url: z.string() }),
    }),
  ),
  /** Microseconds of the monotonic clock. */
  startTime: z.number(),
  samples: z.array(z.number()),
  /** Microseconds since the sample before. */
  timeDeltas: z.array(z.number()),
});
export type CpuProfile = z.infer<typeof profileSchema>;

/** A function, with where it stands: the package, or the file of ours. */
export interface Frame {
  readonly name: string;
  readonly place: string;
}

export interface SelfTime extends Frame {
  readonly ms: number;
}

/** What is no work: waiting for something to happen. */
const IDLE = '(idle)';

/** Time in each function itself, callees apart, within the windows; the longest first. */
export function selfTimes(profiles: readonly CpuProfile[], windows: readonly Window[]): SelfTime[] {
  const times = new Map<string, { frame: Frame; us: number }>();
  for (const profile of profiles) {
    for (const { frame, us } of samplesIn(profile, windows)) {
      const key = `${frame.place} ${frame.name}`;
      const known = times.get(key);
      if (known) known.us += us;
      else times.set(key, { frame, us });
    }
  }
  return [...times.values()].map(({ frame, us }) => ({ ...frame, ms: us / 1_000 })).toSorted((a, b) => b.ms - a.ms);
}

/** The same summed up by package. */
export function byPlace(times: readonly SelfTime[]): { readonly place: string; readonly ms: number }[] {
  const sums = new Map<string, number>();
  for (const { place, ms } of times) {
    const key = place.startsWith(OURS) ? OURS : place;
    sums.set(key, (sums.get(key) ?? 0) + ms);
  }
  return [...sums].map(([place, ms]) => ({ place, ms })).toSorted((a, b) => b.ms - a.ms);
}

function* samplesIn(profile: CpuProfile, windows: readonly Window[]): Generator<{ frame: Frame; us: number }> {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, frameOf(callFrame)]));
  let atUs = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    atUs += profile.timeDeltas[index] ?? 0;
    // A sample stands for the time until the next one.
    const us = profile.timeDeltas[index + 1] ?? 0;
    const frame = frames.get(id);
    const isInside = windows.some(({ fromUs, untilUs }) => atUs >= fromUs && atUs < untilUs);
    if (frame && isInside && frame.name !== IDLE) yield { frame, us };
  }
}

const OURS = 'clancy';

function frameOf({ functionName, url }: { functionName: string; url: string }): Frame {
  return { name: functionName === '' ? '(anonymous)' : functionName, place: placeOf(url) };
}

function placeOf(url: string): string {
  if (url === '') return 'v8';
  if (url.startsWith('node:')) return 'node';
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (inPackage !== undefined) return inPackage;
  if (url.includes('workflow')) return 'workflow bundle';
  return `${OURS} ${url.split('/').slice(-2).join('/')}`;
}
