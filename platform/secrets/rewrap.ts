import type { KeyRows } from './key-rows.ts';
import type { KeyService } from './key-service.ts';
import { SealedTextError } from './sealed.ts';

export interface Rewrapped {
  readonly keys: number;
  /** Keys that no key of the configuration opens: left as they are. */
  readonly unreadable: readonly { orgId: string; kid: string }[];
}

export interface RewrapDeps {
  rows: Pick<KeyRows, 'jobs' | 'underOther' | 'rewrap'>;
  keyService: Pick<KeyService, 'kid' | 'wrap' | 'unwrap'>;
  /** Told after each organisation how many keys are done. */
  onProgress?: (keys: number) => void;
}

const PAGE = 100;

/**
 * Wraps every data key with the key encryption key in use that another one wraps, an organisation at a time, so that the
 * other can be dropped. The data keys stay the same. Broken off, it is started again; started twice, both do the work once.
 *
 * @throws ClancyError `key_service_unavailable`: what was done until then stays
 */
export async function rewrapDataKeys(deps: RewrapDeps): Promise<Rewrapped> {
  let keys = 0;
  const unreadable: { orgId: string; kid: string }[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: string[] = await deps.rows.jobs.orgsUnderOtherKek(deps.keyService.kid, PAGE, after);
    for (const orgId of page) {
      const done = await rewrapOrg(deps, orgId);
      keys += done.keys;
      unreadable.push(...done.unreadable.map((kid) => ({ orgId, kid })));
      deps.onProgress?.(keys);
    }
    after = page.length < PAGE ? undefined : page.at(-1);
  }
  return { keys, unreadable };
}

async function rewrapOrg({ rows, keyService }: RewrapDeps, orgId: string) {
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
