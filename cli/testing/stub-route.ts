import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

export const GOOD_TOKEN = 'good.token';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: { readonly [name: string]: string };
}

export interface Asked {
  /** Decoded identifiers of the path. */
  readonly ids: string[];
  readonly url: URL;
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
}

export interface Route {
  readonly pattern: RegExp;
  readonly isPublic: boolean;
  /** Undefined when it wrote the response itself. */
  readonly answer: (asked: Asked) => Answer | undefined;
}

/** `:` stands for one identifier. */
export function route(line: string, answer: Route['answer'], isPublic = false): Route {
  return { pattern: new RegExp(`^${line.replaceAll('.', '\\.').replaceAll(':', '([^/]+)')}$`), isPublic, answer };
}

export const page = (items: readonly object[]): Answer => ({ status: 200, body: { items, next_cursor: null } });
export const ok = (body: object): Answer => ({ status: 200, body });
export const missing = (): Answer => problem(404, 'not_found', 'There is no such thing.');

/** A problem as the services word it. */
export function problem(status: number, code: string, detail: string, more: object = {}): Answer {
  const body = {
    type: `https://clancy.dev/problems/${code}`,
    title: `Title of ${code}`,
    status,
    detail,
    code,
    instance: 'urn:uuid:1',
    ...more,
  };
  return { status, body, type: 'application/problem+json' };
}
