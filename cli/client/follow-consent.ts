import { connectedAnswer, type ConnectedAnswer } from './answers/connecthub.ts';
import { exchange, refusalOf } from './http.ts';
import { UnreachableError } from './problem-error.ts';

export interface ConsentWalk {
  /** What `connections.launch` answered. */
  readonly url: string;
  /** Where the walk may lead: ConnectHub and the sandbox. A real provider's consent page needs a person. */
  readonly allowedOrigins: readonly string[];
  readonly fetch?: typeof fetch;
}

const MAX_REDIRECTS = 10;
const STEP_TIMEOUT_MS = 30_000;

/**
 * Walks an OAuth consent as a browser would, redirects and cookies included, and answers the new connection. For
 * development only: the sandbox's person agrees at once, a real provider's page is not on the list of origins.
 *
 * @throws ProblemError when ConnectHub refused, UnreachableError when the walk leaves the allowed origins or ends elsewhere.
 */
export async function followConsent(walk: ConsentWalk): Promise<ConnectedAnswer> {
  const allowed = new Set(walk.allowedOrigins.map((origin) => new URL(origin).origin));
  const jar = new Map<string, string>();
  let url = walk.url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const { origin } = new URL(url);
    if (!allowed.has(origin))
      throw new UnreachableError(url, 'is no part of the development stack: open the address in a browser.');
    const response = await step(walk.fetch ?? fetch, url, cookiesFor(jar, origin));
    keepCookies(jar, origin, response);
    const location = response.headers.get('location');
    if (location === null) return readConnection(url, response);
    await response.body?.cancel();
    url = new URL(location, url).href;
  }
  throw new UnreachableError(walk.url, 'redirects without an end.');
}

async function step(fetchIt: typeof fetch, url: string, cookie: string): Promise<Response> {
  const headers = { accept: 'application/json', ...(cookie !== '' && { cookie }) };
  return exchange(fetchIt, url, { redirect: 'manual', headers, signal: AbortSignal.timeout(STEP_TIMEOUT_MS) });
}

async function readConnection(url: string, response: Response): Promise<ConnectedAnswer> {
  if (!response.ok) throw await refusalOf(response);
  const connected = connectedAnswer.safeParse(await response.json().catch(() => undefined));
  if (!connected.success) throw new UnreachableError(url, 'ended the consent without a connection.');
  return connected.data;
}

/** Cookies by origin and name: all that a walk of seconds over our own parts needs (RFC 6265 has expiry and paths too). */
function keepCookies(jar: Map<string, string>, origin: string, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const pair = line.split(';', 1)[0] ?? '';
    jar.set(`${origin} ${pair.slice(0, pair.indexOf('='))}`, pair);
  }
}

function cookiesFor(jar: Map<string, string>, origin: string): string {
  return [...jar].flatMap(([key, pair]) => (key.startsWith(`${origin} `) ? [pair] : [])).join('; ');
}
