import type { HubDatabase } from '../../db/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { toOffer, type Offer, type OwnProviders } from '../providers/registry.ts';
import { KINDS } from './compile.ts';
import { openClientSecret } from './seal.ts';
import { findOwn, findVersion, listOwn, type OwnRow } from './store.ts';

export interface DirectoryDeps {
  database: HubDatabase;
  secretBox: SecretBox;
}

/** Offers kept per process: what a version is never changes. */
const MAX_OFFERS = 500;

/** The providers of organisations' own, as `hub.custom_providers` says at that moment: which version is in force is always asked. */
export function createOwnProviders(deps: DirectoryDeps): OwnProviders {
  const offers = new Map<string, Promise<Offer>>();

  function offerOf(orgId: string, row: OwnRow): Promise<Offer> {
    const key = `${orgId}|${row.provider}|${row.version}`;
    const known = offers.get(key) ?? load(deps, orgId, row);
    known.catch(() => offers.delete(key));
    offers.delete(key);
    offers.set(key, known);
    const oldest = offers.keys().next();
    if (offers.size > MAX_OFFERS && !oldest.done) offers.delete(oldest.value);
    return known;
  }

  return {
    find: async (orgId, id) => {
      const row = await deps.database.withOrgRead({ orgId }, (tx) => findOwn(tx, id));
      return row && row.removedAt === null ? inForce(row, await offerOf(orgId, row)) : undefined;
    },
    all: async (orgId) => {
      const rows = await deps.database.withOrgRead({ orgId }, listOwn);
      return Promise.all(rows.map(async (row) => inForce(row, await offerOf(orgId, row))));
    },
  };
}

/** What a version is never changes; which of its capabilities are suspended does. */
function inForce({ suspended }: OwnRow, offer: Offer): Offer {
  if (suspended.length === 0) return offer;
  const capabilities = offer.capabilities.map((one) =>
    suspended.includes(one.definition.capability) ? { ...one, isSuspended: true } : one,
  );
  return { ...offer, capabilities };
}

async function load(deps: DirectoryDeps, orgId: string, { provider: id, kind, version }: OwnRow): Promise<Offer> {
  const stored = await deps.database.withOrgRead({ orgId }, (tx) => findVersion(tx, id, version));
  if (!stored) throw new Error('a version that is in force is not there');
  const { definition, clientId } = KINDS[kind](id, stored.definition);
  const secret = () => openClientSecret(deps, orgId, id);
  return toOffer({
    definition,
    addresses: definition.addresses,
    client: { id: clientId, secret },
    limits: definition.limits ?? [],
    version,
  });
}
