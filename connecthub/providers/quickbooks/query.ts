import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ProviderReader } from '../definition.ts';
import { readBody } from '../parameters.ts';

/** One comparison of a WHERE clause; all of them must hold (QuickBooks knows no OR). */
export interface Condition {
  property: string;
  operator: '=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN';
  value: string | readonly string[];
}

export interface Query {
  entity: 'Invoice' | 'Customer' | 'Payment' | 'Bill' | 'Vendor' | 'Item' | 'Account';
  where: readonly Condition[];
  orderBy?: string;
  /** From 1. */
  startPosition?: number;
  /** 1,000 at most. */
  maxResults: number;
}

/**
 * A text of Intuit's query language
 * (https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/data-queries). Values are
 * the only part that comes from outside, and they are quoted.
 */
export function toQuery({ entity, where, orderBy, startPosition, maxResults }: Query): string {
  const conditions = where.map(({ property, operator, value }) => `${property} ${operator} ${quoteAll(value)}`);
  return [
    `SELECT * FROM ${entity}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
    ...(orderBy === undefined ? [] : [`ORDERBY ${orderBy}`]),
    ...(startPosition === undefined ? [] : [`STARTPOSITION ${startPosition}`]),
    `MAXRESULTS ${maxResults}`,
  ].join(' ');
}

function quoteAll(value: string | readonly string[]): string {
  return typeof value === 'string' ? quote(value) : `(${value.map(quote).join(', ')})`;
}

/** A backslash escapes the apostrophe that would end the text, and so itself. Control characters have no place in a name. */
function quote(text: string): string {
  return `'${text.replace(/\p{Cc}/gu, ' ').replace(/[\\']/g, String.raw`\$&`)}'`;
}

/** A part of a name for LIKE, whose only wildcard cannot be escaped: a text's own is left out. */
export function containing(text: string): string {
  return `%${text.replaceAll('%', '')}%`;
}

/** The longest list that Intuit gives at once. */
export const MAX_PAGE = 1_000;

const answerSchema = z.looseObject({
  QueryResponse: z.record(z.string(), z.unknown()),
  time: z.iso.datetime({ offset: true }),
});

/** The entities of a query in their shape, and the day that QuickBooks answered on (UTC, YYYY-MM-DD). */
export async function runQuery<T>(reader: ProviderReader, query: Query, schema: z.ZodType<T>) {
  const { QueryResponse: found, time } = readBody(answerSchema, await reader.read('query', { query: toQuery(query) }));
  // Without a hit the member is left out.
  const entities: unknown = found[query.entity] ?? [];
  const { list } = readBody(z.object({ list: z.array(schema) }), { list: entities } as JsonObject);
  return { list, today: new Date(time).toISOString().slice(0, 10) };
}

/** At most `limit`, and whether there were more. */
export async function runLimited<T>(
  reader: ProviderReader,
  query: Omit<Query, 'maxResults'>,
  limit: number,
  schema: z.ZodType<T>,
) {
  const { list, today } = await runQuery(reader, { ...query, maxResults: limit + 1 }, schema);
  return { list: list.slice(0, limit), truncated: list.length > limit, today };
}
