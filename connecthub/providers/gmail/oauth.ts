import { googleOAuth } from '../google/oauth.ts';
import { COMPOSE, IMPLIED, MODIFY, READ, SEND } from './scopes.ts';

export const gmailOAuth = googleOAuth({ scopes: [READ, SEND, COMPOSE, MODIFY], implied: IMPLIED });
