import { describe, expect, it } from 'vitest';
import { createRegistry, type ProviderSettings } from './registry.ts';

const addressesOf = (provider: string, more: Partial<ProviderSettings> = {}) =>
  createRegistry({ [provider]: { clientId: 'id', clientSecret: 'secret', ...more } }).provider(provider)?.addresses;

describe('the providers of an installation', () => {
  it('are those that it has a client for', () => {
    const { providers, capability } = createRegistry({ slack: { clientId: 'id', clientSecret: 'secret' } });
    expect(providers.map(({ definition }) => definition.id)).toEqual(['slack']);
    expect(capability('slack/slack.post')).toBeDefined();
    expect(capability('quickbooks/invoice.list')).toBeUndefined();
  });

  it.each(['slack', 'quickbooks', 'gmail', 'stripe', 'github', 'calendar'])('%s is reached over https only', (provider) => {
    const urls = Object.values(addressesOf(provider) ?? {}).map(String);
    expect(urls).toHaveLength(4);
    expect(urls.every((url) => url.startsWith('https://'))).toBe(true);
  });

  it('have addresses of several origins, which a development base URL takes the place of', () => {
    expect(addressesOf('quickbooks')).toEqual({
      authorize: 'https://appcenter.intuit.com/connect/oauth2',
      token: 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
      revoke: 'https://developer.api.intuit.com/v2/oauth2/tokens/revoke',
      api: 'https://quickbooks.api.intuit.com/v3/company',
    });
    expect(addressesOf('quickbooks', { baseUrl: 'http://127.0.0.1:9/quickbooks/' })).toEqual({
      authorize: 'http://127.0.0.1:9/quickbooks/connect/oauth2',
      token: 'http://127.0.0.1:9/quickbooks/oauth2/v1/tokens/bearer',
      revoke: 'http://127.0.0.1:9/quickbooks/v2/oauth2/tokens/revoke',
      api: 'http://127.0.0.1:9/quickbooks/v3/company',
    });
  });

  it('may have an API without a path', () => {
    expect(addressesOf('github')?.api).toBe('https://api.github.com');
    expect(addressesOf('github', { baseUrl: 'http://127.0.0.1:9/github/' })?.api).toBe('http://127.0.0.1:9/github');
  });

  it('read a provider’s own test accounts where the client is one for them', () => {
    expect(addressesOf('quickbooks', { usesTestApi: true })?.api).toBe('https://sandbox-quickbooks.api.intuit.com/v3/company');
    expect(addressesOf('slack', { usesTestApi: true })?.api).toBe('https://slack.com/api');
  });
});
