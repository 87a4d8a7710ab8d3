const GOOGLE = 'https://www.googleapis.com/auth/';

/** https://developers.google.com/workspace/calendar/api/auth: each the smallest for what it is used for. */
export const READ = `${GOOGLE}calendar.events.readonly`;
export const WRITE = `${GOOGLE}calendar.events`;
export const FREE_BUSY = `${GOOGLE}calendar.freebusy`;

/** What a scope allows besides itself, as far as we use it (the reference of each method lists the scopes that do). */
export const IMPLIED: { readonly [scope: string]: readonly string[] } = {
  [WRITE]: [READ],
  [`${GOOGLE}calendar.readonly`]: [READ, FREE_BUSY],
  [`${GOOGLE}calendar`]: [READ, WRITE, FREE_BUSY],
};
