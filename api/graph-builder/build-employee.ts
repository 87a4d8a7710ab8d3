import type { Catalogue } from '../../contracts/capability.ts';
import type { EmployeeDefinition, Explanation } from '../../contracts/employee-graph.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { assertChecked } from './checker/assert-checked.ts';
import { composeGraph } from './compose/graph.ts';
import { composePolicy } from './compose/policy.ts';
import { explain } from './compose/explanation.ts';
import { nameEmployee } from './compose/name.ts';
import type { PolicyRule } from '../../contracts/policy.ts';
import { capabilitiesOf } from './graph-capabilities.ts';
import { dropContradictions } from './limits/contradictions.ts';
import { collectLimits } from './limits/collect-limits.ts';
import type { Duty, NotUnderstood } from './match/duty.ts';
import { gateAtomics } from './match/gate-atomic.ts';
import { recogniseDuties } from './match/recognise.ts';
import { skillTemplates } from './templates/index.ts';
import type { SkillTemplate } from './templates/template.ts';
import { usableTemplates } from './templates/usable.ts';
import { joinPronouns } from './text/join-pronouns.ts';
import { otherLanguage } from './text/language.ts';
import { MAX_DESCRIPTION_LENGTH, normalise } from './text/normalise.ts';
import { sortStatements } from './text/sort-statements.ts';
import { readStatements, type Statement } from './text/statements.ts';
import { findTimezone } from './triggers/timezone.ts';

export interface BuildEmployeeInput {
  jobDescription: string;
  /** What the organisation can use; duties beyond it are reported. */
  catalogue: Catalogue;
  /** IANA zone of the organisation, for schedules of a text that names none. */
  timezoneDefault?: string;
  /** `emp_{employee}_v{version}`, once the employee has an id. */
  graphId?: string;
}

export interface BuiltEmployee {
  name: string;
  definition: EmployeeDefinition;
  explanation: Explanation;
}

/**
 * Makes an employee of a job description, without a model: the same text always gives the same employee.
 *
 * Throws `nothing_understood` when no sentence is a duty that the catalogue can do, `payload_too_large` for a text that
 * is longer than any job description, `graph_invalid` when the checker refuses the result (a catalogue whose schemas
 * differ from what the templates expect).
 */
export function buildEmployee(input: BuildEmployeeInput): BuiltEmployee {
  const withheld = new Set<string>();
  for (;;) {
    const read = readDescription(input, withheld);
    try {
      return composeEmployee(read);
    } catch (error) {
      const culprits = culpritsOf(error, read.duties).filter((id) => !withheld.has(id));
      if (culprits.length === 0) throw error;
      culprits.forEach((id) => withheld.add(id));
    }
  }
}

/** Templates whose part of a graph the checker refuses, such as one that a provider's changed schema no longer fits. */
function culpritsOf(error: unknown, duties: Duty[]): string[] {
  if (!(error instanceof ClancyError) || error.code !== 'graph_invalid') return [];
  const problems = (error.details.extra?.['problems'] ?? []) as { path: string }[];
  const isOf = ({ id, template }: Duty, path: string): boolean =>
    path.startsWith(`nodes/${id}`) || template.graphs.some((graph) => path.startsWith(`skill_graphs/${graph.id}`));
  return [
    ...new Set(problems.flatMap(({ path }) => duties.filter((duty) => isOf(duty, path)).map(({ template }) => template.id))),
  ];
}

/** What was read in a description: all that an employee is composed of. */
export interface ReadDescription {
  text: string;
  title: string | undefined;
  timezone: string | null;
  /** Sentences that may be duties; neither limits nor boilerplate nor commands to the builder. */
  statements: Statement[];
  templates: SkillTemplate[];
  duties: Duty[];
  rules: PolicyRule[];
  notUnderstood: NotUnderstood[];
  catalogue: Catalogue;
  graphId: string;
}

/** @throws ClancyError `payload_too_large`. */
export function readDescription(input: BuildEmployeeInput, withheld: ReadonlySet<string> = new Set()): ReadDescription {
  const { jobDescription, catalogue } = input;
  if (jobDescription.length > MAX_DESCRIPTION_LENGTH) throw tooLong();
  const text = normalise(jobDescription);
  const timezone = findTimezone(text) ?? input.timezoneDefault ?? null;
  const all = readStatements(text);
  const sorted = sortStatements(all);
  const templates = usableTemplates(skillTemplates, catalogue).filter(({ id }) => !withheld.has(id));
  const statements = joinPronouns(sorted.duties);
  const recognised = recogniseDuties(statements, { templates, catalogue, timezone, description: text });
  const limits = collectLimits(sorted.limits, recognised.duties, catalogue, all);
  const gated = gateAtomics(recognised.duties, recognised.plans, limits.conditions, catalogue);
  const { duties, contradictions } = dropContradictions(gated, limits.rules);
  const language = otherLanguage(text);
  const foreign =
    language === undefined
      ? []
      : [
          {
            sentence: all[0]?.text ?? '',
            reason: `This seems to be ${language}; descriptions are read in English.`,
            question: 'Can it be said in English?',
          },
        ];
  const notUnderstood = [...foreign, ...recognised.notUnderstood, ...contradictions, ...limits.unclear, ...sorted.commands];
  const { title } = sorted;
  const graphId = input.graphId ?? 'emp_draft';
  return { text, title, timezone, statements, templates, duties, rules: limits.rules, notUnderstood, catalogue, graphId };
}

/** @throws ClancyError `nothing_understood`, `graph_invalid`. */
export function composeEmployee(read: ReadDescription): BuiltEmployee {
  const { text, duties, rules, notUnderstood, catalogue } = read;
  if (duties.length === 0) throw nothingUnderstood(notUnderstood);
  const { graph, skillGraphs } = composeGraph(duties, read.graphId);
  const capabilities = [...new Set(duties.flatMap(({ template }) => capabilitiesOf(template.graphs[0].id, skillGraphs)))].sort();
  const policy = composePolicy(duties, rules, capabilities, catalogue);
  const definition = { graph, skill_graphs: skillGraphs, policy, capabilities };
  assertChecked(definition, catalogue);
  return {
    name: nameEmployee(read.title, duties),
    definition,
    explanation: explain({ text, duties, skillGraphs, rules, notUnderstood, capabilities, catalogue }),
  };
}

function tooLong(): ClancyError {
  return new ClancyError('payload_too_large', `A job description has ${MAX_DESCRIPTION_LENGTH} characters at most.`, {
    next: 'Describe the duties of one employee, without attachments.',
  });
}

function nothingUnderstood(reports: Explanation['not_understood']): ClancyError {
  return new ClancyError(
    'nothing_understood',
    'No sentence of this text is a duty that Clancy can do with the connected providers.',
    {
      next: 'Say what should happen and where, for example: "Every weekday at 9:00 post a digest of #support in #team".',
      extra: { not_understood: reports },
    },
  );
}
