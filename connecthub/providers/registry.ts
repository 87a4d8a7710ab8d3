import { qualifyCapability } from '../../contracts/ids.ts';
import { isEffect, type Addresses, type CapabilityDefinition, type ProviderDefinition, type RateLimit } from './definition.ts';
import { calendar } from './calendar.ts';
import { github } from './github.ts';
import { gmail } from './gmail.ts';
import { quickbooks } from './quickbooks.ts';
import { createShape, type Shape } from './shape.ts';
import { slack } from './slack.ts';
import { stripe } from './stripe.ts';

/** Adding a provider = one file and one line here. */
const PROVIDERS: readonly ProviderDefinition[] = [calendar, github, gmail, quickbooks, slack, stripe];

/** A provider with what the installation says about it. */
export interface Provider {
  readonly definition: ProviderDefinition;
  /** The definition's, or all of them at the development base URL. */
  readonly addresses: Addresses;
  readonly client: { readonly id: string; readonly secret: string };
  /** The definition's, as often as the installation says. */
  readonly limits: readonly RateLimit[];
}

export interface Capability {
  readonly provider: Provider;
  readonly definition: CapabilityDefinition;
  /** `slack/slack.post`. */
  readonly qualified: string;
  readonly input: Shape;
  readonly output: Shape;
}

export interface ProviderSettings {
  clientId: string;
  clientSecret: string;
  /** The client is one for the provider's own test accounts. */
  usesTestApi?: boolean;
  /** Development only: takes the place of every address's origin. */
  baseUrl?: string;
  /** Development only: how many times its limits may be used, at a sandbox that has none of its own. */
  limitsFactor?: number;
  /** The provider leaves our marker as we set it: asked by the lookups that want it kept. */
  keepsMarker?: boolean;
}

export interface Registry {
  readonly providers: readonly Provider[];
  provider(id: string): Provider | undefined;
  capability(qualified: string): Capability | undefined;
  capabilitiesOf(provider: Provider): readonly Capability[];
}

/** The providers that this installation has a client for. Compiles every JSON Schema: a bad one does not boot. */
export function createRegistry(settings: { [provider: string]: ProviderSettings }): Registry {
  const providers = PROVIDERS.flatMap((definition) => {
    const own = settings[definition.id];
    return own ? [toProvider(definition, own)] : [];
  });
  const capabilities = providers.flatMap((provider) =>
    provider.definition.capabilities.map((one) =>
      toCapability(provider, settings[provider.definition.id]?.keepsMarker === true ? one : withoutDoubtfulLookup(one)),
    ),
  );
  const byId = new Map(capabilities.map((capability) => [capability.qualified, capability]));
  return {
    providers,
    provider: (id) => providers.find(({ definition }) => definition.id === id),
    capability: (qualified) => byId.get(qualified),
    capabilitiesOf: (provider) => capabilities.filter((capability) => capability.provider === provider),
  };
}

function toProvider(definition: ProviderDefinition, settings: ProviderSettings): Provider {
  const client = { id: settings.clientId, secret: settings.clientSecret };
  const api = (settings.usesTestApi === true && definition.testApi) || definition.addresses.api;
  const { limitsFactor = 1 } = settings;
  const limits = (definition.limits ?? []).map((limit) => ({ ...limit, units: limit.units * limitsFactor }));
  return { definition, addresses: addressesAt({ ...definition.addresses, api }, settings.baseUrl), client, limits };
}

function addressesAt(addresses: Addresses, baseUrl: string | undefined): Addresses {
  if (baseUrl === undefined) return addresses;
  const moved = (address: string) => `${baseUrl.replace(/\/$/, '')}${new URL(address).pathname.replace(/\/$/, '')}`;
  const { authorize, token, revoke, api } = addresses;
  return { authorize: moved(authorize), token: moved(token), revoke: moved(revoke), api: moved(api) };
}

/** A lookup over a marker that may be gone would find nothing and send again. */
function withoutDoubtfulLookup(capability: CapabilityDefinition): CapabilityDefinition {
  if (!isEffect(capability) || capability.lookup?.wantsKeptMarker !== true) return capability;
  const { lookup: _lookup, ...without } = capability;
  return without;
}

function toCapability(provider: Provider, definition: CapabilityDefinition): Capability {
  return {
    provider,
    definition,
    qualified: qualifyCapability(provider.definition.id, definition.capability),
    input: createShape(definition.inputSchema),
    output: createShape(definition.outputSchema, { cut: true }),
  };
}
