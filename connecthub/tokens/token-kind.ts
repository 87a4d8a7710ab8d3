/** Whose token: that of the connection itself (a bot's, an installation's), or that of the person who connected it. */
export type TokenKind = 'bot' | 'user';

const USER = '~user';

/** The id of the row that holds the token: the person's has one of its own beside the connection's. */
export function tokenRowOf(connectionId: string, kind: TokenKind = 'bot'): string {
  return kind === 'user' ? `${connectionId}${USER}` : connectionId;
}
