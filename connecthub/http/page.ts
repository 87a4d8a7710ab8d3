import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';

/** Query of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(1_000).optional(),
};

export function pageSchema<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() });
}

/** Where a page ended: the last row's instant and id. */
export interface Position {
  at: Date;
  id: string;
}

export interface Cursors {
  encode(orgId: string, position: Position): string;
  /** @throws ClancyError `invalid_request` for a cursor of another organisation or list, or one that was changed */
  decode(orgId: string, cursor: string): Position;
}

const positionSchema = z.tuple([z.int(), z.string()]);

/** Cursors signed for one list; each is good for one organisation only. */
export function createCursors(secret: Buffer, list: string): Cursors {
  const sign = (orgId: string, body: string) =>
    createHmac('sha256', secret).update(`cursor|${list}|${orgId}|${body}`).digest().subarray(0, 16);
  return {
    encode: (orgId, { at, id }) => {
      const body = Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');
      return `${body}.${sign(orgId, body).toString('base64url')}`;
    },
    decode: (orgId, cursor) => {
      const [body = '', signature = ''] = cursor.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(orgId, body);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw new ClancyError('invalid_request', 'This is no cursor of this list.', {
          fields: [{ field: '/cursor', message: 'use next_cursor of an earlier page, unchanged' }],
        });
      }
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
