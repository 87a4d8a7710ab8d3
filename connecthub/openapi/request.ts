import type { Json, JsonObject } from '../../contracts/json.ts';
import type { ApiRequest } from '../providers/definition.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import type { StoredCapability } from './stored.ts';

/** A half of a surrogate pair has no encoding. */
const HALF = /\p{Surrogate}/gu;

/**
 * The request of a capability: each parameter, which its schema has checked, at its place.
 *
 * @throws ProviderRefusal where the path that results is not the one that was accepted
 */
export function toRequest(
  { operation_id: method, verb, path, fields }: Pick<StoredCapability, 'operation_id' | 'verb' | 'path' | 'fields'>,
  server: string,
  parameters: JsonObject,
  more: { [header: string]: string } | undefined,
): ApiRequest {
  const given = fields.flatMap((field) =>
    Object.hasOwn(parameters, field.name) ? [{ ...field, value: parameters[field.name] ?? null }] : [],
  );
  const values = new Map(given.flatMap((one) => (one.in === 'path' ? [[one.as, encode(one.value)]] : [])));
  const filled = path.replaceAll(/\{([^{}]+)\}/g, (_whole, name: string) => values.get(name) ?? '');
  assertSamePath(server, filled);
  const query = given.flatMap((one) => (one.in === 'query' ? pairs(one.as, one.value, one.list) : []));
  const headers = given.flatMap((one) => (one.in === 'header' ? [[one.as, plain(one.value)]] : []));
  const body = given.flatMap((one): [string, Json][] => (one.in === 'body' ? [[one.as, one.value]] : []));
  const hasBody = fields.some((field) => field.in === 'body');
  return {
    method,
    args: { path: query.length === 0 ? filled : `${filled}?${query.join('&')}` },
    verb,
    headers: { ...Object.fromEntries(headers), ...more },
    ...(hasBody && { body: Object.fromEntries(body) }),
  };
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function encode(value: Json): string {
  return encodeURIComponent(plain(value).replace(HALF, '\uFFFD'));
}

function pairs(name: string, value: Json, list: 'repeat' | 'comma' | undefined): string[] {
  const values = [value].flat();
  if (list === 'comma') return values.length === 0 ? [] : [`${encode(name)}=${values.map(encode).join(',')}`];
  return values.map((one) => `${encode(name)}=${encode(one)}`);
}

/** Whatever the values are, they stay within their part of the path: a URL that was read is the one that was written. */
function assertSamePath(server: string, path: string): void {
  const written = `${new URL(server).pathname.replace(/\/$/, '')}${path}`;
  if (new URL(`${server}${path}`).pathname === written) return;
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'path_not_allowed', retryable: false });
}
