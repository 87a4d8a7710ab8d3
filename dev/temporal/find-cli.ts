import { checkCli } from './check-cli.ts';
import type { CliVersion } from './check-cli.ts';

export interface CliSource {
  /** How messages call it. */
  readonly name: string;
  /** Gives the path of a program, or throws why there is none. */
  find(): Promise<string>;
}

export interface FoundCli {
  readonly path: string;
  readonly source: string;
  readonly version: CliVersion;
}

const advice = [
  'Do one of these:',
  '- set TEMPORAL_ADDRESS to a Temporal server that runs',
  '- install the Temporal CLI (https://docs.temporal.io/cli) or set CLANCY_TEMPORAL_CLI to its path',
  '- install Go 1.25 or newer (https://go.dev/dl), with which it is built once',
].join('\n');

/** Takes the first source that has a working Temporal CLI; if none has, says of each why. */
export async function findCli(sources: readonly CliSource[]): Promise<FoundCli> {
  const failures: string[] = [];
  for (const source of sources) {
    try {
      const path = await source.find();
      return { path, source: source.name, version: await checkCli(path) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`- ${source.name}: ${reason}`);
    }
  }
  throw new Error(`There is no Temporal server to start. Tried:\n${failures.join('\n')}\n${advice}`);
}
