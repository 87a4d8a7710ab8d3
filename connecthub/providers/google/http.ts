import type { ApiRequest, HttpRequest, Revocation } from '../definition.ts';

/** Queries to read, JSON bodies to write: as all of Google's APIs have it. */
export function toGoogleHttp({ method, args, verb = 'GET', body, headers, upload }: ApiRequest): HttpRequest {
  if (upload) {
    const typed = { ...headers, 'content-type': upload.mediaType };
    return { verb, path: `/${upload.at}`, headers: typed, body: upload.content() };
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(args)) if (value !== undefined) query.set(name, String(value));
  return {
    verb,
    path: query.size === 0 ? `/${method}` : `/${method}?${query.toString()}`,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

/** https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke: either token ends the whole grant. */
export const googleRevocation: Revocation = {
  request: ({ accessToken, refreshToken }) => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: refreshToken ?? accessToken }).toString(),
  }),
  isDone: ({ status }) => status === 200,
};

export const GOOGLE_ADDRESSES = {
  authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
  token: 'https://oauth2.googleapis.com/token',
  revoke: 'https://oauth2.googleapis.com/revoke',
};

export const GOOGLE_TOKENS = /\bya29\.[A-Za-z0-9._-]{10,}|\b1\/\/[A-Za-z0-9_-]{20,}/g;
