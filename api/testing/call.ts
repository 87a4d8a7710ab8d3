import { randomUUID } from 'node:crypto';
import type { TestPerson } from './people.ts';

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  key?: string;
  headers?: Record<string, string>;
}

export interface Called {
  status: number;
  headers: Headers;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  json: any;
}

/** A request over HTTP as this person; with a body it is a POST with a key of its own unless told. */
export async function call(
  url: string,
  person: Pick<TestPerson, 'token'> | undefined,
  path: string,
  options: CallOptions = {},
): Promise<Called> {
  const { body, method = body === undefined ? 'GET' : 'POST' } = options;
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      ...(person && { authorization: `Bearer ${person.token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'POST' && { 'idempotency-key': options.key ?? randomUUID() }),
      ...options.headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
