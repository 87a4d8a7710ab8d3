import { GOOGLE, googleScopes } from '../google/scopes.ts';

export const READ = `${GOOGLE}calendar.events.readonly`;
export const WRITE = `${GOOGLE}calendar.events`;
export const FREE_BUSY = `${GOOGLE}calendar.freebusy`;

export const CALENDAR_SCOPES = googleScopes([READ, WRITE, FREE_BUSY]);
