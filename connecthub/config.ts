import { z } from 'zod';
import { publicJwksSchema } from '../platform/auth/signing-key.ts';
import {
  isPlainHttp,
  isSet,
  jsonText,
  key32Schema,
  logLevelSchema,
  hasOwnMetricsPort,
  METRICS_PORT_TAKEN,
  modeSchema,
  parseConfig,
  portSchema,
  waiversIn,
  type DevelopmentOnly,
  type Mode,
} from '../platform/config.ts';
import { drainMsSchema } from '../platform/drain.ts';
import { telemetryVariables } from '../platform/telemetry/config.ts';
import { keyServiceOf, keyServiceVariables } from '../platform/secrets/config.ts';
import type { KeyService } from '../platform/secrets/key-service.ts';
import { KEEP_DAYS } from './limits/horizon.ts';
import type { Auth0Client } from './tokens/auth0.ts';
import type { ProviderSettings } from './providers/registry.ts';
import { HALF_PUSH, isWholePush, webhookSettings, webhookVariables } from './webhooks/settings.ts';

const httpUrl = z.url({ protocol: /^https?$/ });
const bareUrl = httpUrl
  .transform((text) => new URL(text))
  .refine((url) => url.pathname === '/' && url.search === '', 'expected an address without a path');
/** Compared character by character later on, so each must be written as browsers write it. */
const exactUrl = httpUrl.refine((text) => {
  if (!URL.canParse(text)) return false;
  const { href, hash, username, password } = new URL(text);
  return href === text && hash === '' && username === '' && password === '';
}, 'expected an address in its normal form, without fragment or credentials');
const exactUrls = z
  .string()
  .default('')
  .transform((list) => list.split(',').flatMap((text) => (text.trim() === '' ? [] : [text.trim()])))
  .pipe(z.array(exactUrl));
const serviceClients = z.strictObject({
  agent_core: z.string().min(1),
  connecthub: z.string().min(1),
  worker: z.string().min(1),
});

/** Prefixes of the variables of the providers, in lower case their ids. */
const PROVIDERS = ['SLACK', 'QUICKBOOKS', 'GMAIL', 'STRIPE', 'GITHUB', 'CALENDAR'] as const;
const clientWord = z.string().min(1).optional();

const schema = z
  .object({
    CLANCY_MODE: modeSchema,
    HOST: z.string().default('127.0.0.1'),
    PORT: portSchema.default(8081),
    LOG_LEVEL: logLevelSchema,
    ...telemetryVariables,
    DRAIN_MS: drainMsSchema,
    /** Of the listener for Prometheus; without it there is none. */
    METRICS_PORT: portSchema.optional(),
    DATABASE_URL: z.string().min(1),
    ORG_CONTEXT_KEY: key32Schema,
    ...keyServiceVariables,
    RUN_TICKET_JWKS: publicJwksSchema,
    AGENT_CORE_URL: bareUrl,
    PUBLIC_URL: bareUrl,
    /** Where people may be led when they have connected an account, separated by commas. */
    OAUTH_RETURN_TO: exactUrls,
    CLERK_ISSUER: httpUrl,
    CLERK_AUDIENCE: z.string().min(1),
    CLERK_JWT_KEY: z.string().optional(),
    CLERK_SECRET_KEY: z.string().optional(),
    CLERK_AUTHORIZED_PARTIES: z.string().optional(),
    COGNITO_USER_POOL_ID: z.string().min(1),
    COGNITO_JWKS_URL: httpUrl.optional(),
    COGNITO_SERVICE_CLIENTS: jsonText(serviceClients),
    COGNITO_CLIENT_ID: z.string().min(1),
    COGNITO_CLIENT_SECRET: z.string().min(1),
    COGNITO_TOKEN_URL: httpUrl,
    SLACK_CLIENT_ID: clientWord,
    SLACK_CLIENT_SECRET: clientWord,
    SLACK_BASE_URL: httpUrl.optional(),
    QUICKBOOKS_CLIENT_ID: clientWord,
    QUICKBOOKS_CLIENT_SECRET: clientWord,
    QUICKBOOKS_BASE_URL: httpUrl.optional(),
    QUICKBOOKS_ENVIRONMENT: z.enum(['production', 'sandbox']).optional(),
    GMAIL_CLIENT_ID: clientWord,
    GMAIL_CLIENT_SECRET: clientWord,
    GMAIL_BASE_URL: httpUrl.optional(),
    GMAIL_KEEPS_MESSAGE_ID: z.literal('1').optional(),
    STRIPE_CLIENT_ID: clientWord,
    STRIPE_CLIENT_SECRET: clientWord,
    STRIPE_BASE_URL: httpUrl.optional(),
    GITHUB_CLIENT_ID: clientWord,
    GITHUB_CLIENT_SECRET: clientWord,
    GITHUB_BASE_URL: httpUrl.optional(),
    CALENDAR_CLIENT_ID: clientWord,
    CALENDAR_CLIENT_SECRET: clientWord,
    CALENDAR_BASE_URL: httpUrl.optional(),
    ...webhookVariables,
    /** The tenant at Auth0 whose Token Vault may give access tokens, and our application there. */
    AUTH0_URL: bareUrl.optional(),
    AUTH0_CLIENT_ID: clientWord,
    AUTH0_CLIENT_SECRET: clientWord,
    PROVIDER_LIMITS_FACTOR: z.coerce.number().int().min(1).max(100_000).optional(),
    /** Not less than the ledger's own rows. */
    RECEIPT_RETENTION_DAYS: z.coerce.number().int().min(KEEP_DAYS).max(36_500).default(800),
    /** For the links of receipts to Temporal's Web UI. */
    TEMPORAL_UI_URL: httpUrl.optional(),
    TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
    ALLOW_LOOPBACK: z.literal('1').optional(),
  })
  .refine(hasOwnMetricsPort, METRICS_PORT_TAKEN)
  .refine(isWholePush, HALF_PUSH)
  .refine((env) => env.CLERK_JWT_KEY !== undefined || env.CLERK_SECRET_KEY !== undefined, {
    path: ['CLERK_JWT_KEY'],
    message: 'set it or CLERK_SECRET_KEY',
  })
  .superRefine((env, context) => {
    const ofAuth0 = (['AUTH0_URL', 'AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET'] as const).filter((name) => env[name] === undefined);
    if (ofAuth0.length === 1 || ofAuth0.length === 2)
      context.addIssue({ code: 'custom', path: [ofAuth0[0] ?? ''], message: 'set all three of Auth0 or none' });
    for (const provider of PROVIDERS) {
      const [id, secret] = [`${provider}_CLIENT_ID`, `${provider}_CLIENT_SECRET`] as const;
      if ((env[id] === undefined) === (env[secret] === undefined)) continue;
      context.addIssue({
        code: 'custom',
        path: [env[id] === undefined ? id : secret],
        message: 'set both of the client or neither',
      });
    }
  });

/** Every variable that ConnectHub reads. */
export const HUB_VARIABLES: readonly string[] = Object.keys(schema.shape);

/** What production refuses by name, and the waiver that each of them is. */
const DEVELOPMENT_ONLY: DevelopmentOnly[] = [
  { variable: 'COGNITO_JWKS_URL', waiver: 'issuers', isDevelopment: isSet },
  { variable: 'COGNITO_TOKEN_URL', waiver: 'issuers', isDevelopment: isPlainHttp },
  { variable: 'CLERK_ISSUER', waiver: 'issuers', isDevelopment: isPlainHttp },
  { variable: 'PUBLIC_URL', waiver: 'loopback', isDevelopment: isPlainHttp },
  { variable: 'OAUTH_RETURN_TO', waiver: 'loopback', isDevelopment: (list) => list.includes('http:') },
  ...PROVIDERS.map((provider) => ({ variable: `${provider}_BASE_URL`, waiver: 'sandbox' as const, isDevelopment: isSet })),
  { variable: 'PROVIDER_LIMITS_FACTOR', waiver: 'sandbox', isDevelopment: isSet },
  { variable: 'AUTH0_URL', waiver: 'sandbox', isDevelopment: isPlainHttp },
  { variable: 'KMS_ENDPOINT', waiver: 'sandbox', isDevelopment: isPlainHttp },
  { variable: 'ALLOW_LOOPBACK', waiver: 'loopback', isDevelopment: isSet },
];

/** ConnectHub's configuration. Secrets stand in it as they came; nothing of it is ever logged. */
export type HubConfig = z.infer<typeof schema> & {
  mode: Mode;
  waivers: string[];
  keyService: KeyService;
  auth0: Auth0Client | undefined;
};

type Env = { [name: string]: string | undefined };

/** @throws ConfigError naming every variable that is missing, wrong, or a development part in production */
export function readHubConfig(env: Env): HubConfig {
  const config = parseConfig({ process: 'connecthub', schema, env, developmentOnly: DEVELOPMENT_ONLY });
  const waivers = waiversIn(DEVELOPMENT_ONLY, env);
  return { ...config, mode: config.CLANCY_MODE, waivers, keyService: keyServiceOf(config), auth0: auth0Of(config) };
}

function auth0Of(env: z.infer<typeof schema>): Auth0Client | undefined {
  const { AUTH0_URL: url, AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret } = env;
  if (url === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  return { url, clientId, clientSecret };
}

/** The providers that this installation has a client for; the others are not offered. */
export function providerSettings(config: HubConfig): { [provider: string]: ProviderSettings } {
  const settings: { [provider: string]: ProviderSettings } = {};
  const webhooks = webhookSettings(config);
  for (const provider of PROVIDERS) {
    const [clientId, clientSecret] = [config[`${provider}_CLIENT_ID`], config[`${provider}_CLIENT_SECRET`]];
    const baseUrl = config[`${provider}_BASE_URL`];
    const limitsFactor = config.PROVIDER_LIMITS_FACTOR;
    if (clientId === undefined || clientSecret === undefined) continue;
    const own = webhooks[provider.toLowerCase()];
    settings[provider.toLowerCase()] = {
      clientId,
      clientSecret,
      ...(own && { webhooks: own }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(limitsFactor !== undefined && { limitsFactor }),
    };
  }
  if (settings['gmail'] && config.GMAIL_KEEPS_MESSAGE_ID === '1') settings['gmail'].keepsMarker = true;
  if (settings['quickbooks'] && config.QUICKBOOKS_ENVIRONMENT === 'sandbox') settings['quickbooks'].usesTestApi = true;
  return settings;
}
