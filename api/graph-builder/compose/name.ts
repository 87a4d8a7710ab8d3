import type { Duty } from '../match/duty.ts';
import { fillWords } from './literals.ts';

/** The title of the description, shortened; without one, the first skill's title. */
export function nameEmployee(title: string | undefined, duties: Duty[]): string {
  const first = duties[0];
  const words = title
    ?.replace(/^(?:job|role|position|wanted|title)\s*:\s*/i, '')
    .split(/\s*(?:[(,–—|!]|\s-\s|\swanted\b|\.(?:\s|$))/)[0]
    ?.trim();
  if (words !== undefined && words.length >= 3) return words.slice(0, 80);
  return first ? fillWords(first.template.title, first.slots).slice(0, 80) : 'Employee';
}
