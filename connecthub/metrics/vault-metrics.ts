import type { Metrics } from '../../platform/metrics/metrics.ts';
import { KEY_ANSWERS, type KeyAnswer } from '../../platform/secrets/data-keys.ts';

const TOKEN_ANSWERS = ['cache', 'decrypted', 'auth0'] as const;
export type TokenAnswered = (typeof TOKEN_ANSWERS)[number];

/** The token vault: how tokens and the keys that they are sealed with were had. */
export interface VaultMetrics {
  tokenHad(answer: TokenAnswered): void;
  keyHad(answer: KeyAnswer): void;
}

export function vaultMetrics(metrics: Metrics): VaultMetrics {
  const tokens = metrics.counter({
    name: 'clancy_token_uses_total',
    help: 'Access tokens for calls: at hand in memory, decrypted out of their row, or out of Auth0 through its Token Vault.',
    labels: { answer: TOKEN_ANSWERS },
  });
  const keys = metrics.counter({
    name: 'clancy_data_key_uses_total',
    help: 'Data keys for sealing and opening: at hand in memory, unwrapped by the key service, or not to be had from it.',
    labels: { answer: KEY_ANSWERS },
  });
  return { tokenHad: (answer) => tokens.add({ answer }), keyHad: (answer) => keys.add({ answer }) };
}
