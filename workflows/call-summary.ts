import { parseCapability } from '../contracts/ids.ts';
import { shortSummary } from '../contracts/run.ts';
import type { CallCapabilityInput } from '../contracts/call.ts';
import type { Skill } from './skill.ts';

type Subject = Pick<CallCapabilityInput, 'capability' | 'parameters'>;

const SUBJECT_LENGTH = 80;

/** `slack.post #billing`: the short form and what the call is about. */
export function summaryOf(skill: Skill, subject: Subject): string {
  const short = parseCapability(subject.capability)?.capability ?? subject.capability;
  return shortSummary([short, subjectOf(skill, subject)].filter((word) => word !== undefined).join(' '));
}

/** The parameter that tells a person most of a call. */
export function subjectOf(skill: Skill, { capability, parameters }: Subject): string | undefined {
  const { summary_parameter: name } = skill.input.plan.capabilities[capability] ?? {};
  const value = name === undefined ? undefined : parameters[name];
  return typeof value === 'string' ? value.slice(0, SUBJECT_LENGTH) : undefined;
}
