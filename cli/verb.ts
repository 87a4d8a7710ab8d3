import { Option, type Command } from 'commander';
import { z } from 'zod';
import { UnreachableError } from './client/problem-error.ts';
import { UsageError } from './exit-codes.ts';
import { openSession, type Io, type Session } from './session.ts';

/** One verb of the command, as data. Flags and arguments reach `run` under their camel-cased names, parsed by `input`. */
export interface VerbDefinition<I extends z.ZodType> {
  readonly name: string;
  readonly summary: string;
  /** Syntax (`<employee>`, `[file]`) and description of each positional argument. */
  readonly arguments?: readonly (readonly [syntax: string, description: string])[];
  readonly options?: readonly VerbOption[];
  /** Makes something: takes `--idempotency-key`. */
  readonly makesSomething?: boolean;
  readonly examples: readonly [string, ...string[]];
  readonly input: I;
  readonly run: (session: Session, input: z.infer<I>) => Promise<void>;
}

export interface VerbOption {
  readonly flags: string;
  readonly description: string;
  /** May be given several times; the values are collected. */
  readonly isRepeatable?: boolean;
}

/** Adds a verb to its resource's command. */
export type Register = (resource: Command, io: Io) => void;

const commonSchema = z.object({ json: z.boolean().default(false), idempotencyKey: z.string().optional() });

const KEY_OPTION: VerbOption = {
  flags: '--idempotency-key <key>',
  description: 'repeat an earlier command safely: with the same key it is done once',
};
const JSON_OPTION: VerbOption = { flags: '--json', description: 'print JSON for programs' };

export function verb<I extends z.ZodType>(definition: VerbDefinition<I>): Register {
  return (resource, io) =>
    addVerb(resource, definition, async (input, isJson, idempotencyKey) => {
      const session = await openSession({ io, isJson, idempotencyKey });
      await (definition.makesSomething === true ? makeOnce(definition, session, input) : definition.run(session, input));
    });
}

/** Adds a verb that does `act` with its input. */
export function addVerb<I extends z.ZodType>(
  resource: Command,
  definition: Omit<VerbDefinition<I>, 'run'>,
  act: (input: z.infer<I>, isJson: boolean, idempotencyKey: string | undefined) => Promise<void>,
): void {
  const command = resource.command(definition.name).summary(definition.summary).description(definition.summary);
  for (const [syntax, description] of definition.arguments ?? []) command.argument(syntax, description);
  const options = [...(definition.options ?? []), ...(definition.makesSomething === true ? [KEY_OPTION] : []), JSON_OPTION];
  for (const option of options) command.addOption(toOption(option));
  command.addHelpText('after', `\nExamples:\n${definition.examples.map((line) => `  $ ${line}`).join('\n')}`);
  command.action(async () => {
    const { json, idempotencyKey } = commonSchema.parse(command.opts());
    await act(parseInput(definition.input, command), json, idempotencyKey);
  });
}

/** When no answer came, nobody here knows whether it was made: the key makes asking again safe. */
async function makeOnce<I extends z.ZodType>({ run }: VerbDefinition<I>, session: Session, input: z.infer<I>): Promise<void> {
  try {
    await run(session, input);
  } catch (error) {
    if (error instanceof UnreachableError && !session.isJson) {
      session.note(`If it may have been done: add --idempotency-key ${session.idempotencyKey} to repeat it safely.`);
    }
    throw error;
  }
}

function toOption({ flags, description, isRepeatable }: VerbOption): Option {
  const option = new Option(flags, isRepeatable === true ? `${description} (repeatable)` : description);
  if (isRepeatable === true) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

/** @throws UsageError naming each argument and option that cannot be used. */
function parseInput<I extends z.ZodType>(schema: I, command: Command): z.infer<I> {
  const named = Object.fromEntries(
    command.registeredArguments.map((argument, index) => [argument.name(), command.processedArgs[index]]),
  );
  const { json: _json, idempotencyKey: _key, ...options } = command.opts();
  const parsed = schema.safeParse({ ...options, ...named });
  if (parsed.success) return parsed.data;
  const optionNames = new Map(command.options.map((option) => [option.attributeName(), option.long ?? option.flags]));
  throw new UsageError(
    parsed.error.issues
      .map(({ path: [name], message }) => `${optionNames.get(String(name)) ?? `<${String(name)}>`}: ${message}`)
      .join('\n'),
  );
}
