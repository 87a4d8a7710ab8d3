import type { SealedColumn } from './key-rows.ts';
import { kidOf, SealedTextError } from './sealed.ts';
import type { SecretBox } from './secret-box.ts';

export interface Resealer {
  /** One that opens what retired keys have sealed too. */
  secretBox: Pick<SecretBox, 'seal' | 'open'>;
}

const PAGE = 200;

/**
 * Seals anew with the key in use what a column holds under another key than this one. A row that is changed at the same time
 * is left as it is, for the next pass.
 *
 * @returns how many rows, and the objects whose text does not open
 */
export async function resealColumn(
  { secretBox }: Resealer,
  column: SealedColumn,
  orgId: string,
  key: string,
): Promise<{ rows: number; lost: string[] }> {
  const lost: string[] = [];
  let rows = 0;
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: { object: string; sealed: string }[] = await column.page(orgId, after, PAGE);
    const changes: { object: string; before: string; after: string }[] = [];
    for (const { object, sealed } of page) {
      if (kidOf(sealed) === key) continue;
      const place = column.placeOf(orgId, object);
      const plain = await secretBox.open(place, sealed).catch(orNothing);
      if (plain === undefined) lost.push(object);
      else changes.push({ object, before: sealed, after: await secretBox.seal(place, plain) });
    }
    if (changes.length > 0) rows += await column.replace(orgId, changes);
    after = page.length < PAGE ? undefined : page.at(-1)?.object;
  }
  return { rows, lost };
}

function orNothing(error: unknown): undefined {
  if (!(error instanceof SealedTextError)) throw error;
}
