import { eventCreate } from './calendar/event-create.ts';
import { eventDelete, eventUpdate } from './calendar/event-change.ts';
import { eventGet, eventList } from './calendar/event-read.ts';
import { freeBusy } from './calendar/free-busy.ts';
import { FREE_BUSY, IMPLIED, READ, WRITE } from './calendar/scopes.ts';
import type { ProviderDefinition } from './definition.ts';
import { readGoogleAnswer } from './google/answers.ts';
import { GOOGLE_ADDRESSES, GOOGLE_TOKENS, googleRevocation, toGoogleHttp } from './google/http.ts';
import { googleOAuth } from './google/oauth.ts';

/** https://developers.google.com/workspace/calendar/api/v3/reference */
export const calendar = {
  id: 'calendar',
  title: 'Google Calendar',
  addresses: { ...GOOGLE_ADDRESSES, api: 'https://www.googleapis.com/calendar/v3' },
  oauth: googleOAuth({ scopes: [READ, WRITE, FREE_BUSY], implied: IMPLIED }),
  revocation: googleRevocation,
  toHttp: toGoogleHttp,
  // What was deleted is answered with nothing.
  readAnswer: (answer) => (answer.status === 204 ? { kind: 'ok', body: {} } : readGoogleAnswer(answer)),
  // https://developers.google.com/workspace/calendar/api/guides/quota: a minute of each user, unless the project says otherwise.
  limits: [{ name: 'requests a minute', countedBy: 'connection', units: 600, perMs: 60_000 }],
  tokenPattern: GOOGLE_TOKENS,
  capabilities: [eventList, eventGet, eventCreate, eventUpdate, eventDelete, freeBusy],
} satisfies ProviderDefinition;
