import type { Capability, Catalogue } from '../../contracts/capability.ts';
import { qualifyCapability } from '../../contracts/ids.ts';
import type { DescriptionSet } from './schema.ts';
import { SetError } from './read-set.ts';

/** What an employee of the set can be built from, and how the set's short names are the product's. */
export interface SetCatalogue {
  catalogue: Catalogue;
  /** The qualified capabilities of a label's name: several where providers share a short name. */
  named(name: string): string[];
  find(qualified: string): Capability | undefined;
}

/**
 * The product's own capabilities, as far as the set's catalogue names them.
 * @throws SetError for one that the product does not have.
 */
export function catalogueOf(wanted: DescriptionSet['catalogue'], product: Catalogue): SetCatalogue {
  const providers = Object.entries(wanted).map(([id, names]) => {
    const own = product.providers.find(({ provider }) => provider === id);
    if (!own) throw new SetError(`The catalogue of the set has the provider ${id}, which Clancy does not have.`);
    const capabilities = Object.keys(names).map((name) => {
      const found = own.capabilities.find(({ capability }) => capability === name);
      if (!found) throw new SetError(`The catalogue of the set has ${id}/${name}, which Clancy does not have.`);
      return found;
    });
    return { ...own, capabilities };
  });
  const byName = new Map<string, Capability>();
  for (const one of providers.flatMap(({ capabilities }) => capabilities)) {
    byName.set(qualifyCapability(one.provider, one.capability), one);
  }
  const named = (name: string): string[] =>
    [...byName.keys()].filter((qualified) => qualified === name || qualified.slice(qualified.indexOf('/') + 1) === name);
  return { catalogue: { providers }, named, find: (qualified) => byName.get(qualified) };
}
