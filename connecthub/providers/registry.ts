import { parseCapability, qualifyCapability } from '../../contracts/ids.ts';
import {
  isEffect,
  type Addresses,
  type CapabilityDefinition,
  type OAuthDefinition,
  type ProviderDefinition,
  type RateLimit,
} from './definition.ts';
import type { WebhookSettings } from '../webhooks/definition.ts';
import { calendar } from './calendar.ts';
import { github } from './github.ts';
import { gmail } from './gmail.ts';
import { quickbooks } from './quickbooks.ts';
import { createLateShape, createShape, type Shape } from './shape.ts';
import { slack } from './slack.ts';
import { stripe } from './stripe.ts';

/** Adding a provider to the installation = one file and one line here. */
const PROVIDERS: readonly ProviderDefinition[] = [calendar, github, gmail, quickbooks, slack, stripe];

/** Ids that no organisation may give to a provider of its own, whether this installation has a client for them or not. */
export const BUILT_IN: ReadonlySet<string> = new Set(PROVIDERS.map(({ id }) => id));

/** A provider with what the installation, or the organisation whose own it is, says about it. */
export interface Provider {
  readonly definition: ProviderDefinition;
  /** The definition's, or all of them at the development base URL. */
  readonly addresses: Addresses;
  readonly client: { readonly id: string; readonly secret: () => Promise<string> };
  /** The definition's, as often as the installation says. */
  readonly limits: readonly RateLimit[];
  /** Of an organisation's own provider: the version that this is. */
  readonly version?: number;
  /** Absent: its webhooks are not accepted. */
  readonly webhookSettings?: WebhookSettings;
  /** Development only: where the keys stand that its push tokens are signed with. */
  readonly webhookKeys?: string;
}

/** A provider whose accounts are connected by a person's consent. */
export type ConsentProvider = Provider & { readonly definition: { readonly oauth: OAuthDefinition } };

export function asksForConsent<P extends Pick<Provider, 'definition'>>(
  provider: P,
): provider is P & Pick<ConsentProvider, 'definition'> {
  return provider.definition.oauth !== undefined;
}

export interface Capability {
  readonly provider: Provider;
  readonly definition: CapabilityDefinition;
  /** `slack/slack.post`. */
  readonly qualified: string;
  readonly input: Shape;
  readonly output: Shape;
  /** Its provider has changed what it is since a person accepted it: it is not called until one has looked at it. */
  readonly isSuspended?: boolean;
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
  webhooks?: WebhookSettings;
}

/** A provider with all that it can do. */
export interface Offer {
  readonly provider: Provider;
  readonly capabilities: readonly Capability[];
}

/**
 * Providers that organisations brought along. This is the door for every further way of describing a provider: whatever
 * can be made an `Offer` (a `ProviderDefinition` and compiled capabilities, `toOffer`) is from there on listed, called,
 * limited, receipted and granted like a built-in one. How rows of `hub.custom_providers` become offers is decided by
 * their `kind` in `connecthub/own-providers/compile.ts`; a new way is a new kind with an entry there.
 */
export interface OwnProviders {
  find(orgId: string, id: string): Promise<Offer | undefined>;
  all(orgId: string): Promise<readonly Offer[]>;
}

/** What one organisation can use: the installation's providers, and its own as they stand at that moment. */
export interface OrgRegistry {
  provider(id: string): Promise<Provider | undefined>;
  capability(qualified: string): Promise<Capability | undefined>;
  offers(): Promise<readonly Offer[]>;
}

export interface Registry {
  /** Those of the installation. */
  readonly providers: readonly Provider[];
  provider(id: string): Provider | undefined;
  capability(qualified: string): Capability | undefined;
  capabilitiesOf(provider: Provider): readonly Capability[];
  of(orgId: string): OrgRegistry;
}

/** Where accounts are connected with keys, the installation has nothing to say. */
const NO_CLIENT: ProviderSettings = { clientId: '', clientSecret: '' };
const NONE: OwnProviders = { find: async () => undefined, all: async () => [] };

/** The providers that this installation has a client for. Their JSON Schemas are compiled by the tests, and here when used. */
export function createRegistry(settings: { [provider: string]: ProviderSettings }): Registry {
  const providers = PROVIDERS.flatMap((definition) => {
    const own = settings[definition.id] ?? (asksForConsent({ definition }) ? undefined : NO_CLIENT);
    return own ? [toProvider(definition, own)] : [];
  });
  const capabilities = providers.flatMap((provider) =>
    provider.definition.capabilities.map((one) =>
      toCapability(
        provider,
        settings[provider.definition.id]?.keepsMarker === true ? one : withoutDoubtfulLookup(one),
        createLateShape,
      ),
    ),
  );
  const byId = new Map(capabilities.map((capability) => [capability.qualified, capability]));
  const builtIn = {
    providers,
    provider: (id: string) => providers.find(({ definition }) => definition.id === id),
    capability: (qualified: string) => byId.get(qualified),
    capabilitiesOf: (provider: Provider) => capabilities.filter((capability) => capability.provider === provider),
  };
  return { ...builtIn, of: (orgId) => registryOf(orgId, builtIn, NONE) };
}

/** The same installation, where organisations have providers of their own besides. */
export function withOwnProviders(registry: Registry, own: OwnProviders): Registry {
  return { ...registry, of: (orgId) => registryOf(orgId, registry, own) };
}

/** The installation's come first: no organisation's own can take the place of one of them. */
function registryOf(orgId: string, builtIn: Omit<Registry, 'of'>, own: OwnProviders): OrgRegistry {
  const find = async (id: string): Promise<Offer | undefined> => (BUILT_IN.has(id) ? undefined : own.find(orgId, id));
  return {
    provider: async (id) => builtIn.provider(id) ?? (await find(id))?.provider,
    capability: async (qualified) => {
      const known = builtIn.capability(qualified);
      if (known) return known;
      const offer = await find(parseCapability(qualified)?.provider ?? '');
      return offer?.capabilities.find((one) => one.qualified === qualified);
    },
    offers: async () => [
      ...builtIn.providers.map((provider) => ({ provider, capabilities: builtIn.capabilitiesOf(provider) })),
      ...(await own.all(orgId)).filter(({ provider }) => !BUILT_IN.has(provider.definition.id)),
    ],
  };
}

/**
 * A provider's definition as it can be used. Compiles its JSON Schemas.
 *
 * @throws Error for a schema that ajv's strict mode does not accept
 */
export function toOffer(provider: Provider): Offer {
  return { provider, capabilities: provider.definition.capabilities.map((one) => toCapability(provider, one, createShape)) };
}

/** What a definition comes to where nobody is connected: to be shown, or to be asked with a key that is at hand. */
export function toUnconnectedOffer(definition: ProviderDefinition): Offer {
  const { addresses, limits = [] } = definition;
  return toOffer({ definition, addresses, client: { id: '', secret: async () => '' }, limits });
}

function toProvider(definition: ProviderDefinition, settings: ProviderSettings): Provider {
  const client = { id: settings.clientId, secret: async () => settings.clientSecret };
  const api = (settings.usesTestApi === true && definition.testApi) || definition.addresses.api;
  const { limitsFactor = 1 } = settings;
  const limits = (definition.limits ?? []).map((limit) => ({ ...limit, units: limit.units * limitsFactor }));
  const { baseUrl, webhooks: webhookSettings } = settings;
  const proof = definition.webhooks?.proof;
  return {
    definition,
    addresses: addressesAt({ ...definition.addresses, api }, baseUrl),
    client,
    limits,
    ...(webhookSettings && { webhookSettings }),
    ...(baseUrl !== undefined && proof?.by === 'google_token' && { webhookKeys: movedTo(baseUrl, proof.keys) }),
  };
}

function addressesAt(addresses: Addresses, baseUrl: string | undefined): Addresses {
  if (baseUrl === undefined) return addresses;
  const moved = (address: string) => movedTo(baseUrl, address);
  const { authorize, token, revoke, api } = addresses;
  return { authorize: moved(authorize), token: moved(token), revoke: moved(revoke), api: moved(api) };
}

function movedTo(baseUrl: string, address: string): string {
  return `${baseUrl.replace(/\/$/, '')}${new URL(address).pathname.replace(/\/$/, '')}`;
}

/** A lookup over a marker that may be gone would find nothing and send again. */
function withoutDoubtfulLookup(capability: CapabilityDefinition): CapabilityDefinition {
  if (!isEffect(capability) || capability.lookup?.wantsKeptMarker !== true) return capability;
  const { lookup: _lookup, ...without } = capability;
  return without;
}

function toCapability(provider: Provider, definition: CapabilityDefinition, shape: typeof createShape): Capability {
  return {
    provider,
    definition,
    qualified: qualifyCapability(provider.definition.id, definition.capability),
    input: shape(definition.inputSchema),
    output: shape(definition.outputSchema, { cut: true }),
  };
}
