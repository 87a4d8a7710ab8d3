import { exchange } from './http.ts';
import { UnreachableError } from './problem-error.ts';

export interface ConsentWalk {
  /** What `connections.launch` answered. */
  readonly url: string;
  /** Where the walk may lead: ConnectHub and the sandbox. A real provider's consent page needs a person. */
  readonly allowedOrigins: readonly string[];
  readonly fetch?: typeof fetch;
}

const MAX_REDIRECTS = 10;

/**
 * Walks an OAuth consent as a browser would, redirects and cookies included. For development only: the sandbox's person
 * agrees at once, a real provider's page is not on the list of origins.
 *
 * @throws UnreachableError when the walk leaves the allowed origins, does not end, or ends on an error page.
 */
export async function followConsent(walk: ConsentWalk): Promise<void> {
  const allowed = new Set(walk.allowedOrigins.map((origin) => new URL(origin).origin));
  const jar = new Map<string, string>();
  let url = walk.url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const { origin } = new URL(url);
    if (!allowed.has(origin))
      throw new UnreachableError(url, 'is no part of the development stack: open the address in a browser.');
    const response = await exchange(walk.fetch ?? fetch, url, {
      redirect: 'manual',
      headers: { cookie: cookiesFor(jar, origin), accept: 'text/html, application/json' },
      signal: AbortSignal.timeout(30_000),
    });
    keepCookies(jar, origin, response);
    const location = response.headers.get('location');
    await response.body?.cancel();
    if (location === null || response.status < 300 || response.status > 399) return assertArrived(url, response);
    url = new URL(location, url).href;
  }
  throw new UnreachableError(walk.url, 'redirects without an end.');
}

function assertArrived(url: string, response: Response): void {
  if (!response.ok) throw new UnreachableError(url, `ended the consent with status ${response.status}.`);
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
