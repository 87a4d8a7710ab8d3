import { ClancyError } from '../../../contracts/errors.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { StructuredModel } from '../../../platform/models/structured-model.ts';
import {
  composeEmployee,
  readDescription,
  type BuildEmployeeInput,
  type BuiltEmployee,
  type ReadDescription,
} from '../build-employee.ts';
import type { Duty } from '../match/duty.ts';
import { unjustified } from './justify.ts';
import { ANSWER_SCHEMA, readProposal, type Proposal } from './proposal.ts';
import { dataAgain, dataFor, INSTRUCTIONS } from './question.ts';
import { notUsed, used, type ModelReport } from './report.ts';
import { toDuty } from './to-duty.ts';

export interface BuildingModel {
  /** As it is called at its endpoint: said in the explanation. */
  name: string;
  model: Pick<StructuredModel, 'answer'>;
  /** For all of its answers together. */
  timeoutMs?: number;
}

/** How often the model hears what is wrong with its answer. */
const CORRECTIONS = 3;
const MAX_DUTIES = 20;
/** The `clancy` command waits a minute for an answer, which is what a person may be expected to wait. */
const DEFAULT_TIMEOUT_MS = 50_000;

/**
 * Makes an employee as `buildEmployee` does, and asks a model what else the description needs. What the model proposes is
 * added where each of its capabilities is asked for by a sentence, and the checker finds nothing wrong with the whole; what
 * is wrong goes back to it three times at most. In any other case, and whatever the model says or fails to say, the
 * answer is the one without a model, and the explanation says why.
 *
 * @throws ClancyError as `buildEmployee` does.
 */
export async function buildWithModel(input: BuildEmployeeInput, { name, ...asked }: BuildingModel): Promise<BuiltEmployee> {
  const read = readDescription(input);
  const found = await propose(read, asked);
  if ('refused' in found) return withReport(read, notUsed(name, found));
  const { added } = found;
  return withReport(added.length === 0 ? read : withDuties(read, added), used(name, found.asked, read, added));
}

type Found = { added: Duty[]; asked: number } | { refused: string; problems: string[]; asked: number };

async function propose(
  read: ReadDescription,
  { model, timeoutMs = DEFAULT_TIMEOUT_MS }: Omit<BuildingModel, 'name'>,
): Promise<Found> {
  const signal = AbortSignal.timeout(timeoutMs);
  const data = dataFor(read);
  let question = data;
  let problems: string[] = [];
  for (let asked = 1; asked <= 1 + CORRECTIONS; asked += 1) {
    const said = await ask(model, question, signal);
    if (signal.aborted) return { refused: `it was not done after ${timeoutMs / 1_000} seconds`, problems, asked };
    if ('away' in said) return { refused: said.away, problems, asked };
    const tried = 'answer' in said ? attemptAnything(read, said.answer) : { problems: [said.unusable] };
    if ('broken' in tried) return { refused: tried.broken, problems, asked };
    if ('added' in tried) return { ...tried, asked };
    problems = tried.problems;
    question = dataAgain(data, 'answer' in said ? said.answer : null, problems);
  }
  const refused = `its answer was refused ${1 + CORRECTIONS} times, at last because: ${problems[0] ?? ''}`.slice(0, 500);
  return { refused, problems, asked: 1 + CORRECTIONS };
}

/** An answer that is of no use may be better the next time; who does not answer is not waited for again. */
async function ask(
  model: BuildingModel['model'],
  data: JsonObject,
  signal: AbortSignal,
): Promise<{ answer: JsonObject } | { unusable: string } | { away: string }> {
  try {
    return { answer: await model.answer({ instructions: INSTRUCTIONS, data, schema: ANSWER_SCHEMA, signal }) };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the model could not be asked';
    const isUnusable = error instanceof ClancyError && error.details.extra?.['http_status'] === undefined;
    return isUnusable ? { unusable: message } : { away: message };
  }
}

/** Whatever a model says must leave the answer without it standing, also what nobody has thought of. */
function attemptAnything(read: ReadDescription, answer: JsonObject): ReturnType<typeof attempt> | { broken: string } {
  try {
    return attempt(read, answer);
  } catch (error) {
    if (error instanceof ClancyError) throw error;
    return { broken: `its answer could not be read (${error instanceof Error ? error.name : 'unknown'})` };
  }
}

/** The last word has the checker. */
function attempt(read: ReadDescription, answer: JsonObject): { added: Duty[] } | { problems: string[] } {
  const proposed = readProposal(answer);
  if ('problems' in proposed) return proposed;
  const { added, problems } = dutiesOf(proposed.proposal, read);
  if (problems.length > 0 || added.length === 0) return problems.length > 0 ? { problems } : { added };
  try {
    composeEmployee(withDuties(read, added));
    return { added };
  } catch (error) {
    if (error instanceof ClancyError && error.code === 'graph_invalid') return { problems: problemsOf(error) };
    throw error;
  }
}

function dutiesOf({ skills }: Proposal, read: ReadDescription): { added: Duty[]; problems: string[] } {
  const added: Duty[] = [];
  const problems: string[] = [];
  for (const [at, skill] of skills.entries()) {
    const earlier = [...read.duties, ...added];
    const made = toDuty(skill, read, earlier);
    const wrong = 'problems' in made ? made.problems : unjustified(made.duty, read);
    problems.push(...wrong.map((problem) => `skills/${at}: ${problem}`));
    if ('duty' in made && wrong.length === 0) added.push(made.duty);
  }
  if (read.duties.length + added.length > MAX_DUTIES) problems.push(`an employee has ${MAX_DUTIES} duties at most`);
  return { added, problems };
}

function problemsOf(error: ClancyError): string[] {
  const problems: unknown = error.details.extra?.['problems'];
  if (!Array.isArray(problems)) return [error.message];
  return problems
    .slice(0, 20)
    .map((one: { path: string; message: string; next: string }) => `${one.path}: ${one.message} ${one.next}`);
}

/** The model's skills come after those of the text; what they do is no longer said to be left over. */
function withDuties(read: ReadDescription, added: Duty[]): ReadDescription {
  const served = new Set(added.flatMap(({ sentences }) => sentences));
  const isServed = (sentence: string): boolean => [...served].some((one) => one.includes(sentence));
  return {
    ...read,
    duties: [...read.duties, ...added],
    notUnderstood: read.notUnderstood.filter(({ sentence }) => !isServed(sentence)),
  };
}

function withReport(read: ReadDescription, report: ModelReport): BuiltEmployee {
  try {
    const { explanation, ...built } = composeEmployee(read);
    return { ...built, explanation: { ...explanation, model: report } };
  } catch (error) {
    if (!(error instanceof ClancyError) || error.code !== 'nothing_understood') throw error;
    const { code, message, details } = error;
    throw new ClancyError(code, message, { ...details, extra: { ...details.extra, model: report } });
  }
}
