import { sql } from 'drizzle-orm';
import type { Json } from '../../contracts/json.ts';
import type { OrgReadTx } from '../../db/client.ts';

/** Stems by which one entry is found, and of a text that is looked for: what comes later says the same again. */
export const MAX_ENTRY_STEMS = 64;
export const MAX_ASKED_STEMS = 32;
const MAX_TEXT = 4_000;
/** Words as PostgreSQL's parser gives them, marks and lone letters left out. */
const IS_STEM = '^[[:alnum:]_.@/-]{2,60}$';

/** Stems of each text by PostgreSQL's English configuration, in the order of the text. */
export async function stemsOf(tx: OrgReadTx, texts: readonly string[], limit: number): Promise<string[][]> {
  if (texts.length === 0) return [];
  const bounded = texts.map((text) => text.slice(0, MAX_TEXT));
  const { rows } = await tx.db.execute<{ stems: string[] }>(sql`
    select array(
      select lexeme from unnest(to_tsvector('english', asked.text))
      where lexeme ~ ${IS_STEM} order by positions[1] limit ${limit}) as stems
    from unnest(${sql.param(bounded)}::text[]) with ordinality asked (text, place) order by asked.place`);
  return rows.map(({ stems }) => stems);
}

/** What an entry is found by: its key, part by part, and the texts and numbers of its value. */
export function wordsOf(key: string, value: Json): string {
  return wordsIn([key, ...textsIn(value)].join(' '));
}

/** Signs that join words (`payment_terms`, `customer.acme`, `a/b`) part them here; addresses stay whole besides. */
export function wordsIn(text: string): string {
  const whole = text.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? [];
  return [text.replace(/[\p{P}\p{S}\p{C}]+/gu, ' '), ...whole].join(' ');
}

/** The texts and numbers in a value, outside in. */
export function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inner) => textsIn(inner));
}
