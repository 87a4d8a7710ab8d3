import type { ClientCredentials } from './core/client-auth.ts';
import type { CreateProvider } from './core/provider.ts';
import { createCalendarProvider } from './calendar/provider.ts';
import { createGitHubProvider } from './github/provider.ts';
import { createGmailProvider } from './gmail/provider.ts';
import { createQuickBooksProvider } from './quickbooks/provider.ts';
import { createSlackProvider } from './slack/provider.ts';
import { createStripeProvider } from './stripe/provider.ts';

/** Every provider that the sandbox can be: adding one = one folder and one line here. */
export const PROVIDERS = {
  calendar: createCalendarProvider,
  github: createGitHubProvider,
  gmail: createGmailProvider,
  quickbooks: createQuickBooksProvider,
  slack: createSlackProvider,
  stripe: createStripeProvider,
} satisfies { [id: string]: CreateProvider };

export type ProviderId = keyof typeof PROVIDERS;

/** The application's clients; a provider without one is not hosted. */
export type Clients = { readonly [id in ProviderId]?: ClientCredentials };
