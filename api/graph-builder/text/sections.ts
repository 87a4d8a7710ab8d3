/** What a part of a job description is about. Only duties and limits lead to anything. */
export type Section = 'duties' | 'limits' | 'boilerplate';

const DUTIES =
  /^(?:the )?(?:role|job|duties|tasks?|your (?:tasks|job|role|duties)|responsibilities|what you(?:'ll| will)? do|main duties|job description|the work)\b/i;
const LIMITS =
  /^(?:what you (?:do not|don't|must not|never) do|rules?|limits?|boundaries|never|do ?n(?:o|')t ?s?|off limits|please note)\b/i;
const BOILERPLATE =
  /^(?:what we offer|we offer|our offer|benefits|perks|compensation|salary|pay|requirements?|qualifications?|what (?:we ask|you bring|we expect)|your profile|about (?:us|you|the company)|who we are|how to apply|applications?|equal opportunity|start(?: date)?|location|hours|contract|tone|nice to have)\b/i;

function kindOf(words: string): Section | undefined {
  if (LIMITS.test(words)) return 'limits';
  if (DUTIES.test(words)) return 'duties';
  return BOILERPLATE.test(words) ? 'boilerplate' : undefined;
}

/** The section that a heading opens; undefined when the line is no heading. */
export function sectionOf(line: string): Section | undefined {
  const words = line.replace(/[:*_=\s-]+$/, '').replace(/^[#*_\s]+(?=[A-Za-z])/, '');
  if (words.split(/\s+/).length > 6 || /[.!?]$/.test(words) || /[#@]\w/.test(words)) return undefined;
  const rest = words.replace(LIMITS, '').replace(DUTIES, '').replace(BOILERPLATE, '').trim();
  return rest.split(/\s+/).length <= 2 ? kindOf(words) : undefined;
}

/** `Requirements: two years of …` is a section of one line. */
export function labelOf(line: string): { section: Section; rest: string } | undefined {
  const match = /^([A-Z][A-Za-z' ]{1,30}):\s+(\S.*)$/s.exec(line);
  const section = match ? kindOf(match[1]!) : undefined;
  return match && section ? { section, rest: match[2]! } : undefined;
}
