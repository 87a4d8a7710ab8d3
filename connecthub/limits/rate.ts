import { createHash } from 'node:crypto';
import type { ApiRequest, RateLimit } from '../providers/definition.ts';

/** A limit as it holds for one request: what it is counted by, and how much the request takes of it. */
export interface Rate {
  /** Empty where the organisation as a whole is counted. */
  connectionId: string;
  /** Unique within the connection. */
  key: string;
  /** The limit's, for people. */
  name: string;
  /** What this request takes. */
  units: number;
  most: number;
  perMs: number;
  /** A share of it is taken up this much later than it was given out, at most. */
  marginMs: number;
}

/**
 * A provider counts when a request arrives, we count when we let it go. As long as the time in between differs by no more
 * than this from one request to the next, the provider never sees more than its limit in any of its windows.
 */
export const MARGIN_MS = 500;
/** Of the margin, what we may use up ourselves between taking a share and sending; the rest is the network's. */
export const SHARE_KEEPS_MS = MARGIN_MS / 2;

/** Slots of a window in the database (`hub.rate_shares`). */
const SLOTS = 20;
const MAX_PLAIN_VALUE = 100;

/** The provider's limits that a request counts against, in the order in which all copies take them. */
export function ratesOf(limits: readonly RateLimit[], connectionId: string, request: ApiRequest): Rate[] {
  const counting = limits.filter(({ methods }) => methods === undefined || methods.includes(request.method));
  return counting
    .map((limit) => ({
      connectionId,
      key: keyOf(limit, request),
      name: limit.name,
      units: limit.cost?.(request) ?? 1,
      most: limit.units,
      perMs: limit.perMs,
      marginMs: MARGIN_MS,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Units that a request takes: the most that it takes of any limit it counts against, one where there is none. */
export function unitsOf(limits: readonly RateLimit[], request: ApiRequest): number {
  const units = ratesOf(limits, '', request).map((rate) => rate.units);
  return units.length === 0 ? 1 : Math.max(...units);
}

function keyOf({ name, countedBy }: RateLimit, { method, args }: ApiRequest): string {
  if (countedBy === 'connection') return name;
  const value = countedBy === 'method' ? method : String(args[countedBy.argument] ?? '');
  // An argument comes from outside and may be of any length.
  return `${name}: ${value.length > MAX_PLAIN_VALUE ? createHash('sha256').update(value).digest('hex') : value}`;
}

/** How long a slot of the rate's window is, so that the window is never shorter than the limit's. */
export function slotMsOf({ perMs, marginMs }: Rate): number {
  return Math.ceil((perMs + marginMs) / SLOTS);
}
