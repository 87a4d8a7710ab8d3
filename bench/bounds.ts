import { z } from 'zod';
import type { ShapeFigures } from './figures.ts';
import type { HistoryFigures } from './hub/measure-history.ts';
import type { ProxyFigures } from './hub/measure-hub.ts';

const bound = z.number().positive();
const ratioBounds = z.strictObject({ runs_per_second: bound, p50: bound });
/** By how many are at a time, as text. */
const shapeBounds = z.record(z.string(), ratioBounds);

/** What `bench/bounds.json` holds: the highest ratio to the floor that is let pass, of the proxy's own milliseconds, and of the p95 of calls
 * on a full database to that on an empty one. */
export const boundsSchema = z.strictObject({
  inline: shapeBounds,
  child: shapeBounds,
  proxy_added_ms: bound,
  full_database_p95: bound,
});
export type Bounds = z.infer<typeof boundsSchema>;

export interface Bounded {
  readonly shapes: readonly ShapeFigures[];
  readonly proxy: ProxyFigures;
  readonly history: Pick<HistoryFigures, 'ratio'>;
}

/** One sentence for each bound that is exceeded. A load without a bound is free. */
export function exceeded({ shapes, proxy, history }: Bounded, bounds: Bounds): string[] {
  const ratios = shapes.flatMap(({ shape, at_a_time, ratio }) => {
    const limits = shape === 'floor' ? undefined : bounds[shape][String(at_a_time)];
    if (!limits) return [];
    const where = `${shape}, ${at_a_time} at a time`;
    return [
      ...above(`${where}: ratio of runs/s`, ratio.runs_per_second, limits.runs_per_second),
      ...above(`${where}: ratio of p50`, ratio.p50, limits.p50),
    ];
  });
  return [
    ...ratios,
    ...above('added by the proxy, in ms', proxy.added_ms, bounds.proxy_added_ms),
    ...above('p95 of a call on a full database, in times that on an empty one', history.ratio.p95, bounds.full_database_p95),
  ];
}

function above(what: string, value: number, limit: number): string[] {
  return value > limit ? [`${what}: ${value.toFixed(2)}, and ${limit.toFixed(2)} is the bound`] : [];
}
