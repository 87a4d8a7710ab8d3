const HINTS: readonly (readonly [prefix: string, command: string])[] = [
  ['approval:', 'clancy approvals show'],
  ['receipt:', 'clancy receipts show'],
];

/** The command with which a person goes on from a `waiting_on` word, if one waits for a person. */
export function waitingHint(reason: string): string {
  const hint = HINTS.find(([prefix]) => reason.startsWith(prefix));
  return hint ? `  (${hint[1]} ${reason.slice(hint[0].length)})` : '';
}
