import { SlackError } from './errors.ts';

/** Slack's cursors are opaque base64; ours name the position of the next item by a key of the item. */
function encode(key: string): string {
  return Buffer.from(`next:${key}`).toString('base64');
}

function decode(cursor: string): string {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  if (!text.startsWith('next:')) throw new SlackError('invalid_cursor');
  return text.slice('next:'.length);
}

export interface Page<T> {
  items: T[];
  /** Empty on the last page. */
  nextCursor: string;
}

/** Cuts one page out of an ordered list. A cursor whose item is not in the list is refused. */
export function paginate<T>(items: T[], keyOf: (item: T) => string, size: number, cursor: string | undefined): Page<T> {
  const start = cursor === undefined || cursor === '' ? 0 : items.findIndex((item) => keyOf(item) === decode(cursor));
  if (start < 0) throw new SlackError('invalid_cursor');
  const next = items[start + size];
  return { items: items.slice(start, start + size), nextCursor: next === undefined ? '' : encode(keyOf(next)) };
}
