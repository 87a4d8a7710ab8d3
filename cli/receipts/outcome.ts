import type { ReceiptAnswer } from '../client/answers/connecthub.ts';

const WORDS: { readonly [outcome: string]: string } = {
  succeeded: 'happened',
  refused: 'did not happen',
  in_flight: 'on its way',
  maybe: 'not known yet',
  unknown: 'nobody can tell',
};

/** What became of a call, in a person's words. */
export function outcomeInWords({ outcome, error_code: code, resolution }: ReceiptAnswer): string {
  const words = WORDS[outcome] ?? outcome;
  const why = code === null || code === undefined ? '' : ` (${code})`;
  return resolution === null || resolution === undefined ? `${words}${why}` : `${words} (a person said: ${resolution})`;
}
