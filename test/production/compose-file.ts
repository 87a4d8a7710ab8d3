import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { makeInstallationSecrets } from '../../platform/secrets/installation-secrets.ts';

const FILE = new URL('../../docker-compose.temporal.yml', import.meta.url);

const serviceSchema = z.looseObject({
  image: z.string(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
});
const composeSchema = z.looseObject({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().default(false) })),
});

export type ComposeFile = z.infer<typeof composeSchema>;

export const composeText = readFileSync(FILE, 'utf8');

/** As it stands, with YAML's merges done and without interpolation. */
export const rawCompose: unknown = parse(composeText, { merge: true });

/** A variable that the file takes from its environment file: `${NAME:?}` or `${NAME:-default}`. */
export interface Interpolation {
  readonly name: string;
  readonly isRequired: boolean;
  readonly fallback: string;
}

const INTERPOLATION = /\$\{([A-Z0-9_]+)(:\?|:-)([^}]*)\}/g;

export const interpolations: readonly Interpolation[] = [...composeText.matchAll(INTERPOLATION)].map(
  ([, name = '', operator, word = '']) => ({ name, isRequired: operator === ':?', fallback: word }),
);

/** The file as Compose sees it with these variables. */
export function composeWith(env: { readonly [name: string]: string }): ComposeFile {
  // YAML's single quotes and JSON have no interpolation of their own: the values are put in after parsing.
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replaceAll(INTERPOLATION, (_, name, operator, word) => valueOf(env, name, operator, word));
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  return composeSchema.parse(fill(rawCompose));
}

function valueOf(env: { readonly [name: string]: string }, name: string, operator: string, word: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  if (operator === ':?') throw new Error(`${name} is required`);
  return word;
}

/** What operators get from others, beside the secrets that `deploy:secrets` makes. */
export const FROM_OTHERS = {
  CLANCY_API_HOST: 'api.example.com',
  CLANCY_CONNECTHUB_HOST: 'hub.example.com',
  CLERK_ISSUER: 'https://clerk.example.com',
  CLERK_AUDIENCE: 'clancy',
  CLERK_SECRET_KEY: 'sk_live_example',
  COGNITO_REGION: 'eu-central-1',
  COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEf123',
  COGNITO_SERVICE_CLIENTS: JSON.stringify({ agent_core: 'a', connecthub: 'b', worker: 'c' }),
  COGNITO_TOKEN_URL: 'https://clancy.auth.eu-central-1.amazoncognito.com/oauth2/token',
  CONNECTHUB_COGNITO_CLIENT_ID: 'b',
  CONNECTHUB_COGNITO_CLIENT_SECRET: 'secret-of-b',
  WORKER_COGNITO_CLIENT_ID: 'c',
  WORKER_COGNITO_CLIENT_SECRET: 'secret-of-c',
};
export const SECRETS = makeInstallationSecrets();

/** What a service's process gets, as text. */
export function environmentOf(file: ComposeFile, service: string): { [name: string]: string } {
  const entries = Object.entries(file.services[service]?.environment ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
