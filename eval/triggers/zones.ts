const DAY_MS = 86_400_000;
const YEAR_FROM_MS = Date.UTC(2026, 0, 1, 12);

/** Whether two zones have the same offset on every day of a year; a zone that does not exist equals none. */
export function isSameZone(one: string, other: string | null): boolean {
  if (other === null) return false;
  if (one === other) return true;
  const [first, second] = [offsets(one), offsets(other)];
  if (first === undefined || second === undefined) return false;
  return first.every((offset, day) => offset === second[day]);
}

function offsets(zone: string): string[] | undefined {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    return Array.from({ length: 366 }, (_, day) => offsetOf(format, YEAR_FROM_MS + day * DAY_MS));
  } catch {
    return undefined;
  }
}

function offsetOf(format: Intl.DateTimeFormat, atMs: number): string {
  return format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
