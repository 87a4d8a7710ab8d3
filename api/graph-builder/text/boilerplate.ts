/** Sentences about pay, benefits, culture and applicants: no duties, wherever they stand. */
const BOILERPLATE = [
  /\b(?:salary|gross|compensation|pension|bonus|pay (?:according|scale|range)|per (?:hour|annum|year)|paid leave|holidays?|vacation|days off|perks?|employee discount|staff meal|work clothes)\b/i,
  /\b(?:we|our company) offer\b/i,
  /\b(?:equal opportunity|equally qualified|discriminat\w+|disabilit\w+|all genders)\b/i,
  /\b(?:years? of experience|years? in a similar|\d\+ years|degree|diploma|licen[cs]e|certificate|qualification|fluent|native speaker|excellent (?:written|spoken)|team player|thick skin)\b/i,
  /\b(?:you bring|you are (?:friendly|a |an |our|motivated|curious)|you speak|you have (?:finished|experience|a )|must have experience|is a plus|nice to have|what we ask)\b/i,
  /\b(?:apply|applicants?|applications? (?:with|to|by)|recruiters?|cover letter|motivation letter|send (?:us )?your (?:cv|resume|motivation|application))\b/i,
  /\b(?:about us|we are (?:a|an|the|proud)|our (?:mission|values|culture)|founded in|family[- ]owned|headquarter\w*)\b/i,
  /\b(?:\d+ ?h(?:ours)?(?: ?(?:\/|per|a) ?week)|full[- ]time|part[- ]time|permanent position|you(?:'ll| will)? report to|^reports? to|(?:role|position|job|person|holder) reports? to|start: |as soon as possible\b.*\bstart)\b/i,
  /^(?:that is all|that's all|that is it|that's it)\b.{0,20}$/i,
  /^(?:hi|hello|hey|thanks|thank you|regards|best|cheers|dear)\b[^#@]{0,40}$/i,
];

export function isBoilerplate(sentence: string): boolean {
  return BOILERPLATE.some((pattern) => pattern.test(sentence)) && !/[#]\p{L}/u.test(sentence);
}
