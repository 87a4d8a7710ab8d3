const GOOGLE = 'https://www.googleapis.com/auth/';

/** https://developers.google.com/workspace/gmail/api/auth/scopes: each the smallest for what it is used for. */
export const READ = `${GOOGLE}gmail.readonly`;
export const SEND = `${GOOGLE}gmail.send`;
export const COMPOSE = `${GOOGLE}gmail.compose`;
export const MODIFY = `${GOOGLE}gmail.modify`;
const EVERYTHING = 'https://mail.google.com/';

/** What a scope allows besides itself, as far as we use it (the reference of each method lists the scopes that do). */
export const IMPLIED: { readonly [scope: string]: readonly string[] } = {
  [COMPOSE]: [SEND],
  [MODIFY]: [READ, SEND, COMPOSE],
  [EVERYTHING]: [READ, SEND, COMPOSE, MODIFY],
};
