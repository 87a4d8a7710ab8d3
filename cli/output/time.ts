/** An instant of the services as people read it, in UTC: `2026-11-23 13:40:28Z`. What is no instant stays as it is. */
export function formatInstant(instant: string | null | undefined): string {
  if (instant === null || instant === undefined) return '-';
  const date = new Date(instant);
  return Number.isNaN(date.getTime())
    ? instant
    : date
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d{3}Z$/, 'Z');
}

/** Time of day of an instant, with milliseconds: `13:40:28.123`. */
export function formatTimeOfDay(instant: string): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? instant : date.toISOString().slice(11, 23);
}

/** `0.8 s`, `2 min 05 s`. */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
