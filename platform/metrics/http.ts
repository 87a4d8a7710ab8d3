import { METHODS } from 'node:http';
import { FROM_CODE, type Metrics } from './metrics.ts';

/** One answered request. */
export interface Served {
  readonly method: string;
  /** The route's template; undefined: there is none for the address. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

/** All addresses without a route are one: what people type must not make new series. */
const NO_ROUTE = 'none';
/** From a replayed answer to a model's or a provider's slow one; streams of events last longer. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90];

/** Requests by route template, method and status. */
export function httpMetrics(metrics: Metrics): (served: Served) => void {
  const durations = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer requests, by route template. A stream of events counts when it ends.',
    labels: { method: METHODS, route: FROM_CODE, status: FROM_CODE },
    buckets: BUCKETS,
  });
  return ({ method, route = NO_ROUTE, status, seconds }) => durations.observe({ method, route, status: String(status) }, seconds);
}
