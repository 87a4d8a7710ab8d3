import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { NotSignedInError, UsageError } from './exit-codes.ts';

/** What `bin/clancy.ts` takes from the environment. */
export interface ClancyEnvironment {
  readonly apiUrl: string | undefined;
  readonly connecthubUrl: string | undefined;
  readonly token: string | undefined;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const isLoopback = (text: string) => URL.canParse(text) && LOOPBACK.has(new URL(text).hostname);

const httpUrl = z.url({ protocol: /^https?$/ });
const localUrl = httpUrl.refine(isLoopback, 'a development stack is on this machine');
const serviceUrl = httpUrl.refine(
  (text) => text.startsWith('https:') || isLoopback(text),
  'https is required: a token would travel in the clear',
);

const personSchema = z.looseObject({ user_id: z.string(), org_id: z.string(), role: z.string() });
export type DevelopmentPerson = z.infer<typeof personSchema>;

/** `.clancy/dev.json`, as the development stack leaves it. */
const stateSchema = z.looseObject({
  api_url: localUrl,
  connecthub_url: localUrl,
  issuers_url: localUrl,
  sandbox_url: localUrl,
  temporal_ui_url: z.string().optional(),
  person: personSchema,
});

/** Where the services are and who asks. */
export type Surroundings =
  | { readonly kind: 'given'; readonly apiUrl: string; readonly connecthubUrl: string; readonly token: string }
  | {
      readonly kind: 'development';
      readonly apiUrl: string;
      readonly connecthubUrl: string;
      readonly issuersUrl: string;
      readonly sandboxUrl: string;
      readonly person: DevelopmentPerson;
    };

/**
 * The environment's three variables, all of them or none; with none, the development stack of the folder `cwd`. They are
 * never mixed: a token from the environment must not go to an address that a file in some folder names.
 *
 * @throws NotSignedInError when neither is there, UsageError for what cannot be used.
 */
export async function findSurroundings(env: ClancyEnvironment, cwd: string): Promise<Surroundings> {
  const given = Object.entries({
    CLANCY_API_URL: env.apiUrl,
    CLANCY_CONNECTHUB_URL: env.connecthubUrl,
    CLANCY_TOKEN: env.token,
  });
  const missing = given.flatMap(([name, value]) => (value === undefined || value === '' ? [name] : []));
  if (missing.length === given.length) return readState(join(cwd, '.clancy', 'dev.json'));
  if (missing.length > 0) throw new NotSignedInError(`Not signed in: ${missing.join(' and ')} must be set too.`);
  return {
    kind: 'given',
    apiUrl: checkedUrl('CLANCY_API_URL', env.apiUrl),
    connecthubUrl: checkedUrl('CLANCY_CONNECTHUB_URL', env.connecthubUrl),
    token: checkedToken(env.token),
  };
}

function checkedUrl(name: string, value: string | undefined): string {
  const parsed = serviceUrl.safeParse(value);
  if (!parsed.success) throw new UsageError(`${name} cannot be used: ${parsed.error.issues[0]?.message ?? 'not an address'}.`);
  return parsed.data;
}

/** RFC 6750, 2.1: what a bearer token may consist of. */
function checkedToken(token: string | undefined): string {
  const trimmed = token?.trim() ?? '';
  if (!/^[\w.~+/=-]+$/.test(trimmed)) throw new UsageError('CLANCY_TOKEN is not a bearer token.');
  return trimmed;
}

async function readState(file: string): Promise<Surroundings> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new NotSignedInError(
      'Not signed in. Set CLANCY_API_URL, CLANCY_CONNECTHUB_URL and CLANCY_TOKEN, or start a development stack here (npm run dev).',
    );
  }
  const state = stateSchema.safeParse(parseJson(text));
  if (!state.success) throw new UsageError(`${file} is not what a development stack leaves:\n${z.prettifyError(state.error)}`);
  const { api_url: apiUrl, connecthub_url: connecthubUrl, issuers_url: issuersUrl, sandbox_url: sandboxUrl, person } = state.data;
  return { kind: 'development', apiUrl, connecthubUrl, issuersUrl, sandboxUrl, person };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
