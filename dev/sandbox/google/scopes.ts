import type { GoogleScopes } from './deps.ts';

export const GOOGLE = 'https://www.googleapis.com/auth/';

/** Always given, and what Google calls them in its answer. */
const BASIC: { readonly [scope: string]: string } = {
  openid: 'openid',
  email: `${GOOGLE}userinfo.email`,
  profile: `${GOOGLE}userinfo.profile`,
};

/** The scopes of a product beside the basic ones, which have no box on the consent page. */
export function googleScopes(own: readonly string[]): GoogleScopes {
  return {
    isKnown: (scope) => scope in BASIC || own.includes(scope),
    granted: (wanted, unticked) => wanted.flatMap((scope) => BASIC[scope] ?? (unticked.includes(scope) ? [] : [scope])),
  };
}
