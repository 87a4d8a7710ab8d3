import { z } from 'zod';
import type { ShapeFigures } from './figures.ts';
import type { ProxyFigures } from './hub/measure-hub.ts';

const bound = z.number().positive();
const ratioBounds = z.strictObject({ runs_per_second: bound, p50: bound });
/** By how many are at a time, as text. */
const shapeBounds = z.record(z.string(), ratioBounds);

/** What `bench/bounds.json` holds: the highest ratio to the floor that is let pass, and of the proxy's own milliseconds. */
export const boundsSchema = z.strictObject({ inline: shapeBounds, child: shapeBounds, proxy_added_ms: bound });
export type Bounds = z.infer<typeof boundsSchema>;

/** One sentence for each bound that is exceeded. A load without a bound is free. */
export function exceeded(figures: readonly ShapeFigures[], proxy: ProxyFigures, bounds: Bounds): string[] {
  const ratios = figures.flatMap(({ shape, at_a_time, ratio }) => {
    const limits = shape === 'floor' ? undefined : bounds[shape][String(at_a_time)];
    if (!limits) return [];
    const where = `${shape}, ${at_a_time} at a time`;
    return [
      ...above(`${where}: ratio of runs/s`, ratio.runs_per_second, limits.runs_per_second),
      ...above(`${where}: ratio of p50`, ratio.p50, limits.p50),
    ];
  });
  return [...ratios, ...above('added by the proxy, in ms', proxy.added_ms, bounds.proxy_added_ms)];
}

function above(what: string, value: number, limit: number): string[] {
  return value > limit ? [`${what}: ${value.toFixed(2)}, and ${limit.toFixed(2)} is the bound`] : [];
}
