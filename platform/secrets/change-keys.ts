import { randomBytes } from 'node:crypto';
import type { KeyService } from './key-service.ts';
import { KEY_BYTES, SealedTextError } from './sealed.ts';

/** The wrapped data keys of one process: see db/data-keys.ts. */
export interface KeyRows {
  readonly jobs: { orgsUnderOtherKek(kek: string, limit: number, after?: string): Promise<string[]> };
  add(orgId: string, row: { kid: string; wrapped: string }): Promise<void>;
  underOther(orgId: string, kek: string): Promise<{ kid: string; wrapped: string }[]>;
  rewrap(orgId: string, rows: readonly { kid: string; before: string; wrapped: string }[]): Promise<number>;
}

/**
 * Gives the organisation a new data key. What is encrypted from now on has it, within five minutes in processes that have
 * the one before at hand; what was encrypted with that one opens as long as its row is there.
 *
 * @returns the id of the new key
 */
export async function rotateDataKey(
  { rows, keyService }: { rows: Pick<KeyRows, 'add'>; keyService: Pick<KeyService, 'wrap'> },
  orgId: string,
): Promise<string> {
  const kid = randomBytes(9).toString('base64url');
  await rows.add(orgId, { kid, wrapped: await keyService.wrap({ orgId, kid }, randomBytes(KEY_BYTES)) });
  return kid;
}

export interface Rewrapped {
  readonly keys: number;
  /** Keys that no key of the configuration opens: left as they are. */
  readonly unreadable: readonly { orgId: string; kid: string }[];
}

const PAGE = 100;

/**
 * Wraps every data key with the key encryption key in use that another one wraps, an organisation at a time, so that the
 * other can be dropped. The data keys stay the same. Broken off, it is started again; started twice, both do the work once.
 */
export async function rewrapDataKeys({ rows, keyService }: { rows: KeyRows; keyService: KeyService }): Promise<Rewrapped> {
  let keys = 0;
  const unreadable: { orgId: string; kid: string }[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: string[] = await rows.jobs.orgsUnderOtherKek(keyService.kid, PAGE, after);
    for (const orgId of page) {
      const done = await rewrapOrg({ rows, keyService }, orgId);
      keys += done.keys;
      unreadable.push(...done.unreadable.map((kid) => ({ orgId, kid })));
    }
    after = page.length < PAGE ? undefined : page.at(-1);
  }
  return { keys, unreadable };
}

async function rewrapOrg({ rows, keyService }: { rows: KeyRows; keyService: KeyService }, orgId: string) {
  const wrapped: { kid: string; before: string; wrapped: string }[] = [];
  const unreadable: string[] = [];
  for (const { kid, wrapped: before } of await rows.underOther(orgId, keyService.kid)) {
    const key = await keyService.unwrap({ orgId, kid }, before).catch(orNothing);
    if (key) wrapped.push({ kid, before, wrapped: await keyService.wrap({ orgId, kid }, key) });
    else unreadable.push(kid);
  }
  return { keys: wrapped.length === 0 ? 0 : await rows.rewrap(orgId, wrapped), unreadable };
}

function orNothing(error: unknown): undefined {
  if (!(error instanceof SealedTextError)) throw error;
}
