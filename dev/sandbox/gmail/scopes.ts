const GOOGLE = 'https://www.googleapis.com/auth/';
export const READ = `${GOOGLE}gmail.readonly`;
export const SEND = `${GOOGLE}gmail.send`;
export const COMPOSE = `${GOOGLE}gmail.compose`;
export const MODIFY = `${GOOGLE}gmail.modify`;

/** Always given, and what Google calls them in its answer. */
const BASIC: { readonly [scope: string]: string } = {
  openid: 'openid',
  email: `${GOOGLE}userinfo.email`,
  profile: `${GOOGLE}userinfo.profile`,
};

export const KNOWN_SCOPES: ReadonlySet<string> = new Set([...Object.keys(BASIC), READ, SEND, COMPOSE, MODIFY]);

/** What a person who leaves `unticked` unticked gives. The basic ones have no box. */
export function grantedScopes(wanted: readonly string[], unticked: readonly string[]): string[] {
  return wanted.flatMap((scope) => BASIC[scope] ?? (unticked.includes(scope) ? [] : [scope]));
}
