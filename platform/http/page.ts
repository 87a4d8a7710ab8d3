import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';

/** Query of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(1_000).optional(),
};

/** A page of a list: `next_cursor` goes into the next request unchanged, null on the last page. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() });
}

/** Where a page ended: the row's instant (ms since the epoch) and id. */
export interface Position {
  at: Date;
  id: string;
}

const positionSchema = z.tuple([z.int(), z.string()]);

export interface Cursors {
  encode(list: string, orgId: string, position: Position): string;
  /** @throws ClancyError `invalid_request` for a cursor of another organisation or list, or one that was changed. */
  decode(list: string, orgId: string, cursor: string): Position;
}

/**
 * Cursors signed for one organisation and one list (its filters are part of `list`): what one organisation was given
 * says nothing to another, and nobody can probe with positions of their own making.
 */
export function createCursors(secret: Buffer): Cursors {
  const key = createHmac('sha256', secret).update('clancy page cursors v1').digest();
  const sign = (list: string, orgId: string, body: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify([list, orgId, body]))
      .digest()
      .subarray(0, 16);
  return {
    encode: (list, orgId, { at, id }) => {
      const body = Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');
      return `${body}.${sign(list, orgId, body).toString('base64url')}`;
    },
    decode: (list, orgId, cursor) => {
      const [body = '', signature = ''] = cursor.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(list, orgId, body);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw notACursor();
      const [at, id] = positionSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
      return { at: new Date(at), id };
    },
  };
}

/** A page of rows fetched with `limit + 1`: the row too many says that there is another page. */
export function toPage<T>(rows: T[], limit: number, cursorOf: (row: T) => string): { items: T[]; next_cursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

function notACursor(): ClancyError {
  return new ClancyError('invalid_request', 'This is no cursor of this list.', {
    fields: [{ field: '/cursor', message: 'use next_cursor of an earlier page, unchanged' }],
  });
}
