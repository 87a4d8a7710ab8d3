/** Scopes that the modelled methods know; anything else in an authorize request is refused as `invalid_scope`. */
export const KNOWN_SCOPES: ReadonlySet<string> = new Set([
  'channels:history',
  'channels:read',
  'chat:write',
  'chat:write.public',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'mpim:history',
  'mpim:read',
  'mpim:write',
  'reactions:read',
  'reactions:write',
  'search:read',
  'users:read',
  'users:read.email',
]);

export const HISTORY_SCOPE = { public: 'channels:history', private: 'groups:history', im: 'im:history' } as const;
export const READ_SCOPE = { public: 'channels:read', private: 'groups:read', im: 'im:read' } as const;

/** Slack separates scopes by commas; spaces are tolerated there too. */
export function parseScopes(list: string): string[] {
  return list.split(/[\s,]+/).filter((scope) => scope !== '');
}
