import type { App } from '../../platform/http/server.ts';
import type { ConsentingPerson, SandboxClient } from '../../dev/sandbox/client.ts';

export interface Answer {
  status: number;
  headers: { [name: string]: string | string[] | number | undefined };
  text: string;
  /** The body as JSON; undefined where it is none. */
  json: Record<string, unknown>;
}

export interface Browser {
  /** Opens an address of the application, with the cookies that it set before. */
  open(url: string, accept?: string): Promise<Answer>;
  /** The whole way from a launch address to the callback's answer. */
  consent(launchUrl: string, person?: ConsentingPerson): Promise<Answer>;
  /** The way up to the provider's redirect: the callback address, not yet opened. */
  untilCallback(launchUrl: string, person?: ConsentingPerson): Promise<string>;
}

/** A browser with a cookie jar of its own, for the OAuth walk. */
export function createBrowser(app: App, sandbox: SandboxClient): Browser {
  const jar = new Map<string, string>();
  async function open(url: string, accept = 'application/json'): Promise<Answer> {
    const { pathname, search } = new URL(url);
    const response = await app.inject({
      method: 'GET',
      url: pathname + search,
      headers: { accept },
      cookies: Object.fromEntries(jar),
    });
    for (const { name, value } of response.cookies) jar.set(name, value);
    return toAnswer(response);
  }
  async function untilCallback(launchUrl: string, person: ConsentingPerson = {}): Promise<string> {
    const entered = await open(launchUrl);
    const location = entered.headers['location'];
    if (entered.status !== 302 || typeof location !== 'string')
      throw new Error(`the launch answered ${entered.status}: ${entered.text}`);
    return sandbox.authorize(location, person);
  }
  return { open, untilCallback, consent: async (launchUrl, person) => open(await untilCallback(launchUrl, person)) };
}

export function toAnswer(response: { statusCode: number; headers: Answer['headers']; body: string }): Answer {
  return { status: response.statusCode, headers: response.headers, text: response.body, json: parse(response.body) };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}
