import type { ApiRequest } from '../definition.ts';
import { text } from '../parameters.ts';
import type { JsonObject } from '../../../contracts/json.ts';

/** GitHub ends a request after ten seconds itself. https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
const TIMEOUT_MS = 12_000;
/** What was on its way is in the lists well within it. */
const SETTLE_MS = 10_000;

/** What all of GitHub's capabilities have in common. There are no scopes: the App has permissions. */
export const COMMON = { version: 1, scopes: [], timeoutMs: TIMEOUT_MS };
export const WRITE = { ...COMMON, risk: 'write' as const, settleMs: SETTLE_MS };

/** Below a repository, whose name its schema has checked. */
export function ofRepository(parameters: JsonObject, path: string): string {
  return `repos/${text(parameters, 'repository')}${path}`;
}

export function numberOf({ number }: JsonObject): number {
  return typeof number === 'number' ? number : 0;
}

export function sending(verb: 'POST' | 'PATCH', method: string, body: JsonObject): ApiRequest {
  return { method, verb, args: {}, body };
}
