import { GOOGLE, googleScopes } from '../google/scopes.ts';

export const READ = `${GOOGLE}gmail.readonly`;
export const SEND = `${GOOGLE}gmail.send`;
export const COMPOSE = `${GOOGLE}gmail.compose`;
export const MODIFY = `${GOOGLE}gmail.modify`;

export const GMAIL_SCOPES = googleScopes([READ, SEND, COMPOSE, MODIFY]);
