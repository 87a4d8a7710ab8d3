import type { Capability, Catalogue, Risk } from '../../contracts/capability.ts';
import { parseCapability } from '../../contracts/ids.ts';

/** The catalogue's entry of a qualified capability. */
export function findCapability(catalogue: Catalogue, qualified: string): Capability | undefined {
  const parts = parseCapability(qualified);
  const provider = catalogue.providers.find((candidate) => candidate.provider === parts?.provider);
  return provider?.capabilities.find(({ capability }) => capability === parts?.capability);
}

export function riskOf(catalogue: Catalogue, qualified: string): Risk | undefined {
  return findCapability(catalogue, qualified)?.risk;
}
