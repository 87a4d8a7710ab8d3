import type { Command } from 'commander';
import type { Io } from './session.ts';
import type { Register } from './verb.ts';

/** A noun of the command with its verbs. */
export interface Resource {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly Register[];
}

export function addResource(program: Command, { name, summary, verbs }: Resource, io: Io): void {
  const resource = program.command(name).summary(summary).description(summary);
  for (const register of verbs) register(resource, io);
  resource.addHelpText('after', `\nEach verb shows its examples: clancy ${name} <verb> --help`);
}
