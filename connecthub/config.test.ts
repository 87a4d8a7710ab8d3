import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseSigningKey, publicJwks } from '../platform/auth/signing-key.ts';
import { providerSettings, readHubConfig } from './config.ts';

const key = parseSigningKey(JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
const PRODUCTION = {
  DATABASE_URL: 'postgres://hub_runtime:secret-password@db/clancy',
  ORG_CONTEXT_KEY: randomBytes(32).toString('base64'),
  KEY_ENCRYPTION_KEY: `k1:${randomBytes(32).toString('base64')}`,
  RUN_TICKET_JWKS: JSON.stringify(publicJwks(key)),
  AGENT_CORE_URL: 'https://core.example',
  PUBLIC_URL: 'https://hub.example',
  CLERK_ISSUER: 'https://clerk.example',
  CLERK_AUDIENCE: 'clancy',
  CLERK_SECRET_KEY: 'sk_live_secret',
  COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEf123',
  COGNITO_SERVICE_CLIENTS: JSON.stringify({ agent_core: 'a', connecthub: 'b', worker: 'c' }),
  COGNITO_CLIENT_ID: 'b',
  COGNITO_CLIENT_SECRET: 'machine-secret',
  COGNITO_TOKEN_URL: 'https://pool.example/oauth2/token',
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'slack-secret',
};
const DEVELOPMENT_PARTS = {
  COGNITO_JWKS_URL: 'http://127.0.0.1:1/jwks',
  COGNITO_TOKEN_URL: 'http://127.0.0.1:1/oauth2/token',
  CLERK_ISSUER: 'http://127.0.0.1:1',
  PUBLIC_URL: 'http://127.0.0.1:1',
  SLACK_BASE_URL: 'http://127.0.0.1:1/slack',
  QUICKBOOKS_BASE_URL: 'http://127.0.0.1:1/quickbooks',
  GMAIL_BASE_URL: 'http://127.0.0.1:1/gmail',
  PROVIDER_LIMITS_FACTOR: '10',
  ALLOW_LOOPBACK: '1',
};

describe("ConnectHub's configuration", () => {
  it('is production unless told otherwise, without a waiver', () => {
    expect(readHubConfig(PRODUCTION)).toMatchObject({ mode: 'production', waivers: [] });
  });

  it.each(Object.entries(DEVELOPMENT_PARTS))('refuses %s in production, by name', (name, value) => {
    expect(() => readHubConfig({ ...PRODUCTION, [name]: value })).toThrow(new RegExp(`${name}: a development part`));
  });

  it('takes the development parts elsewhere and says which waivers they are', () => {
    for (const mode of ['staging', 'development']) {
      const config = readHubConfig({ ...PRODUCTION, ...DEVELOPMENT_PARTS, CLANCY_MODE: mode });
      expect(config.waivers.toSorted()).toEqual(['issuers', 'loopback', 'sandbox']);
    }
  });

  it('has metrics on a port of their own', () => {
    const read = (ports: object) => () => readHubConfig({ ...PRODUCTION, ...ports });
    expect(read({ PORT: '8081', METRICS_PORT: '8081' })).toThrow('METRICS_PORT: is PORT already');
    expect(read({ PORT: '8081', METRICS_PORT: '9464' })).not.toThrow();
    expect(read({ PORT: '0', METRICS_PORT: '0' })).not.toThrow();
  });

  it('names everything that is wrong at once, and no value', () => {
    const wrong = {
      ...PRODUCTION,
      DATABASE_URL: undefined,
      ORG_CONTEXT_KEY: 'short-secret',
      RUN_TICKET_JWKS: '{"keys":[]}',
      CLERK_SECRET_KEY: undefined,
    };
    const read = () => readHubConfig(wrong);
    for (const name of ['DATABASE_URL', 'ORG_CONTEXT_KEY', 'RUN_TICKET_JWKS']) expect(read).toThrow(name);
    expect(read).not.toThrow(/short-secret|machine-secret|slack-secret/);
  });

  it('wants one of the two ways to verify people', () => {
    expect(() => readHubConfig({ ...PRODUCTION, CLERK_SECRET_KEY: undefined })).toThrow('CLERK_JWT_KEY');
  });

  it('offers the providers that it has a client for, and wants whole clients', () => {
    expect(providerSettings(readHubConfig(PRODUCTION))).toEqual({ slack: { clientId: '1.2', clientSecret: 'slack-secret' } });
    const more = { ...PRODUCTION, SLACK_CLIENT_ID: '', SLACK_CLIENT_SECRET: '', GMAIL_CLIENT_ID: 'g', GMAIL_CLIENT_SECRET: 's' };
    expect(providerSettings(readHubConfig(more))).toEqual({ gmail: { clientId: 'g', clientSecret: 's' } });
    const { gmail } = providerSettings(readHubConfig({ ...more, GMAIL_KEEPS_MESSAGE_ID: '1' }));
    expect(gmail).toMatchObject({ keepsMarker: true });
    expect(() => readHubConfig({ ...PRODUCTION, QUICKBOOKS_CLIENT_SECRET: 'half' })).toThrow('QUICKBOOKS_CLIENT_ID: set both');
  });

  it('takes webhooks with secrets worth the name, several of them while one is changed', () => {
    const webhooksOf = (env: object) => providerSettings(readHubConfig({ ...PRODUCTION, ...env }))['slack']?.webhooks;
    expect(webhooksOf({})).toBeUndefined();
    expect(webhooksOf({ SLACK_SIGNING_SECRET: '' })).toBeUndefined();
    const [one, two] = ['1'.repeat(32), '2'.repeat(32)];
    expect(webhooksOf({ SLACK_SIGNING_SECRET: `${one}, ${two}` })).toEqual({ secrets: [one, two] });
    for (const wrong of [',', 'short', `${one},`, '   ']) {
      const read = () => webhooksOf({ SLACK_SIGNING_SECRET: wrong });
      expect(read).toThrow('SLACK_SIGNING_SECRET: expected secrets of 16 characters or more');
      expect(read).not.toThrow(one);
    }
  });

  it('takes pushes of Google only where it knows whom they are for and from', () => {
    const client = { GMAIL_CLIENT_ID: 'g', GMAIL_CLIENT_SECRET: 's' };
    const push = {
      GMAIL_PUSH_AUDIENCE: 'a',
      GMAIL_PUSH_SERVICE_ACCOUNT: 'p@x.example,q@x.example',
      GMAIL_PUSH_TOPIC: 'projects/p/topics/t',
    };
    const settings = providerSettings(readHubConfig({ ...PRODUCTION, ...client, ...push }));
    const serviceAccounts = ['p@x.example', 'q@x.example'];
    expect(settings['gmail']?.webhooks).toEqual({
      secrets: [],
      push: { audience: 'a', serviceAccounts, topic: 'projects/p/topics/t' },
    });
    for (const missing of ['GMAIL_PUSH_AUDIENCE', 'GMAIL_PUSH_SERVICE_ACCOUNT']) {
      expect(() => readHubConfig({ ...PRODUCTION, ...client, ...push, [missing]: '' })).toThrow('set GMAIL_PUSH_AUDIENCE and');
    }
  });

  it('knows a QuickBooks client that is one for test companies', () => {
    const client = { QUICKBOOKS_CLIENT_ID: 'q', QUICKBOOKS_CLIENT_SECRET: 's' };
    const settings = providerSettings(readHubConfig({ ...PRODUCTION, ...client, QUICKBOOKS_ENVIRONMENT: 'sandbox' }));
    expect(settings['quickbooks']).toEqual({ clientId: 'q', clientSecret: 's', usesTestApi: true });
    expect(() => readHubConfig({ ...PRODUCTION, QUICKBOOKS_ENVIRONMENT: 'test' })).toThrow('QUICKBOOKS_ENVIRONMENT');
  });

  it('leads people back to addresses in their normal form only, in production over TLS', () => {
    const returnTo = (list: string) => readHubConfig({ ...PRODUCTION, OAUTH_RETURN_TO: list }).OAUTH_RETURN_TO;
    expect(returnTo('')).toEqual([]);
    expect(returnTo('https://app.example/a, https://app.example/b?c=d')).toEqual([
      'https://app.example/a',
      'https://app.example/b?c=d',
    ]);
    for (const wrong of ['https://app.example', '/a', 'HTTPS://app.example/', 'https://a@app.example/', 'https://app.example/#a'])
      expect(() => returnTo(wrong)).toThrow('OAUTH_RETURN_TO');
    expect(() => returnTo('http://app.example/')).toThrow('OAUTH_RETURN_TO');
  });
});
