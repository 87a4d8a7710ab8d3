import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { productCatalogue } from '../eval/catalogue.ts';
import { formatSet, formatSupervisor } from '../eval/print.ts';
import { hasPassed, runEval, type EvalDeps, type EvalRequest, type EvalResult } from '../eval/run-eval.ts';
import { SetError } from '../eval/set/read-set.ts';
import { withDatabase } from '../eval/supervisor/with-database.ts';
import { createExpressions } from '../platform/expressions/expressions.ts';

const SHARED = fileURLToPath(new URL('../../shared/job-descriptions.json', import.meta.url));
const OWN = ['tune', 'report'].map((name) => fileURLToPath(new URL(`../eval/sets/${name}.json`, import.meta.url)));
const SUPERVISOR = { name: 'supervisor', path: fileURLToPath(new URL('../eval/sets/supervisor.json', import.meta.url)) };
const HELP = `npm run eval: how well job descriptions are read without a model

Builds an employee of each description of a set and compares it with what a careful reader expects: capabilities, triggers,
policy, passages that nobody's software can do. Then asks the supervisor, over a PostgreSQL of its own (DATABASE_URL, else the
embedded one), whose messages are. docs/eval.md explains the figures and the form of a set.

  npm run eval                       the shared set beside the project (../shared/job-descriptions.json), both of our own,
                                     and the supervisor's
  npm run eval -- --set FILE         only this set; may be given several times
  npm run eval -- --json             the whole result as JSON
  npm run eval -- --quiet            figures only
  npm run eval -- --help             this text

Exit codes: 0 all within the bounds, 1 one is not, or a template has four words in a row of the shared set,
2 not understood, or a set is missing or not of the form.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === 'string') {
    console.error(`${options}\n\n${HELP}`);
    return 2;
  }
  if (options.isHelp) {
    console.log(HELP);
    return 0;
  }
  const expressions = createExpressions({ threads: 1, timeLimitMs: 10_000 });
  try {
    const deps: EvalDeps = {
      product: productCatalogue(),
      evaluate: expressions.evaluate,
      withDatabase: (work) => withDatabase(process.env, work),
    };
    const result = await runEval(requestOf(options.sets), deps);
    console.log(options.isJson ? JSON.stringify(result, null, 2) : inWords(result, options.isQuiet));
    return hasPassed(result) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SetError)) throw error;
    console.error(error.message);
    return 2;
  } finally {
    await expressions.close();
  }
}

/** A set that somebody names is theirs to look into. */
function requestOf(named: readonly string[]): EvalRequest {
  const known = existsSync(SHARED) ? { known: SHARED } : {};
  if (named.length > 0) return { sets: named.map((path) => ({ name: path, path: resolve(path), isShown: true })), ...known };
  return {
    sets: [SHARED, ...OWN].map((path) => ({ name: basename(path, '.json'), path })),
    known: SHARED,
    supervisor: SUPERVISOR,
  };
}

function inWords({ sets, borrowed, supervisor }: EvalResult, isQuiet: boolean): string {
  const phrases = borrowed.map(({ phrase, place }) => `${place} has "${phrase}" of the shared set: say it in other words`);
  const known = phrases.length === 0 ? [] : [phrases.join('\n')];
  const decisions = supervisor ? [formatSupervisor(supervisor, isQuiet)] : [];
  return [...sets.map((set) => formatSet(set, isQuiet)), ...decisions, ...known].join('\n\n');
}

function readOptions(): { isHelp: boolean; isJson: boolean; isQuiet: boolean; sets: string[] } | string {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        quiet: { type: 'boolean' },
        set: { type: 'string', multiple: true },
      },
    });
    const { help = false, json = false, quiet = false, set = [] } = values;
    return { isHelp: help, isJson: json, isQuiet: quiet, sets: set };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
