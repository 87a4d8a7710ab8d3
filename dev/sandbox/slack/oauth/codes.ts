import type { CodeStore } from '../../core/codes.ts';

/** What a person allowed, waiting to be exchanged. */
export interface Consent {
  team: string;
  redirectUri: string;
  botScopes: string[];
  userScopes: string[];
}

export type SlackCodes = CodeStore<Consent>;

/** Slack's codes live ten minutes (https://docs.slack.dev/authentication/installing-with-oauth). */
export const CODE_LIFETIME_MS = 600_000;
