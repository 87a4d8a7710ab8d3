const COMMANDS: readonly (readonly [prefix: string, command: string])[] = [
  ['approval:', 'clancy approvals show'],
  ['receipt:', 'clancy receipts show'],
];

const WORDS: { readonly [reason: string]: string } = {
  paused: 'people hold it: clancy runs resume',
  timer: 'it goes on by itself',
  quota: 'too many calls at once: it goes on by itself',
  worker: 'no worker takes its tasks: is one of its build up?',
  engine: 'its tasks keep failing: see the log of the worker, by the id of the run',
  temporal: 'Temporal does not answer',
  connecthub: 'ConnectHub does not answer',
  'agent-core': 'Agent-Core does not answer, or gets no token for the employee: see its log',
  model: 'the model does not answer',
};

/** How one goes on from a `waiting_on` word: the command that answers it, or what is the matter. */
export function waitingHint(reason: string): string {
  const command = COMMANDS.find(([prefix]) => reason.startsWith(prefix));
  if (command) return `  (${command[1]} ${reason.slice(command[0].length)})`;
  const words = reason.startsWith('provider:') ? 'it is asked again by itself' : WORDS[reason];
  return words === undefined ? '' : `  (${words})`;
}
