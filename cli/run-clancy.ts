import { Command } from 'commander';
import { approvalsResource } from './approvals/resource.ts';
import { auditResource } from './audit/resource.ts';
import { capabilitiesResource } from './capabilities/resource.ts';
import { connectionsResource } from './connections/resource.ts';
import { employeesResource } from './employees/resource.ts';
import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-codes.ts';
import { factsResource } from './facts/resource.ts';
import { toFailure } from './failures.ts';
import { grantsResource } from './grants/resource.ts';
import { insightsResource } from './insights/resource.ts';
import { keysResource } from './keys/resource.ts';
import { memoryResource } from './memory/resource.ts';
import { providersResource } from './providers/resource.ts';
import { receiptsResource } from './receipts/resource.ts';
import { addResource } from './resource.ts';
import { runsResource } from './runs/resource.ts';
import { schedulesResource } from './schedules/resource.ts';
import { webhooksResource } from './webhooks/resource.ts';
import { triggersResource } from './triggers/resource.ts';
import type { Io } from './session.ts';

const RESOURCES = [
  employeesResource,
  runsResource,
  schedulesResource,
  triggersResource,
  approvalsResource,
  connectionsResource,
  providersResource,
  receiptsResource,
  webhooksResource,
  grantsResource,
  capabilitiesResource,
  memoryResource,
  factsResource,
  insightsResource,
  auditResource,
  keysResource,
];

const HELP = `
Signing in:
  CLANCY_API_URL, CLANCY_CONNECTHUB_URL and CLANCY_TOKEN say where the services are and who asks.
  Without them, the development stack of this folder is used (.clancy/dev.json, left by npm run dev).

Exit codes:
${EXIT_MEANINGS.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}

Examples:
  $ clancy employees create --file job.md
  $ clancy connections connect slack
  $ clancy runs start <employee> --watch`;

export interface ClancyOptions {
  /** Without the interpreter and the script. */
  readonly argv: readonly string[];
  readonly version: string;
  readonly io: Io;
}

/** The `clancy` command: runs one verb and answers the exit code. Writes through `io` only. */
export async function runClancy({ argv, version, io }: ClancyOptions): Promise<ExitCode> {
  const program = createProgram(version, io);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    const { exitCode, text } = toFailure(error, argv.includes('--json'));
    if (text !== '') io.stderr(`${text}\n`);
    return exitCode;
  }
}

function createProgram(version: string, io: Io): Command {
  const program = new Command('clancy')
    .description('Hire AI employees from job descriptions, run them, and answer what they ask.')
    .version(version)
    // `--version` means the command's only before the verb; behind it, an employee's.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .showHelpAfterError('Add --help to see how it is used.')
    .addHelpText('after', HELP);
  for (const resource of RESOURCES) addResource(program, resource, io);
  return program;
}
