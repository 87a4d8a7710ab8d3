/**
 * Sentences that speak to whoever builds the employee instead of describing a duty: they ask for rights or approvals.
 * They change nothing and are reported; only a manager gives rights, at activation.
 */
const COMMANDS = [
  /\b(?:grant|give|assign|add|enable|unlock|allow)\b[^.]{0,60}\b(?:capabilit\w+|permissions?|rights?|privileges?|scopes?|admin\w*|full access|access to everything|every tool|all tools)\b/i,
  /\b(?:approvals?|permission|consent)\b[^.]{0,40}\b(?:already )?(?:given|granted|implied|assumed|waived|unnecessary|not (?:needed|required|necessary))\b/i,
  /\b(?:consider|treat|regard|assume|mark)\b[^.]{0,60}\b(?:approv\w+|authori[sz]ed|permitted|allowed)\b/i,
  /\b(?:skip|bypass|disable|ignore|override|turn off|circumvent|waive)\b[^.]{0,60}\b(?:approvals?|polic\w+|rules?|checks?|limits?|safeguards?|guardrails?|instructions?|restrictions?|confirmation)\b/i,
  /\bno (?:approvals?|confirmation|checks?)\b[^.]{0,30}\b(?:needed|required|necessary)\b/i,
  /\b(?:pre-?approved|auto-?approve\w*|without (?:any )?(?:approvals?|restrictions?|limits?|limitations?))\b/i,
  /\b(?:ignore|forget|disregard)\b[^.]{0,40}\b(?:previous|above|prior|earlier|instructions?|prompt)\b/i,
  /\b(?:assistants?|ai|llm|language models?|graph builder|builder|agents?|system)\s*:\s/i,
  /\byou (?:now |may )?(?:have|get) (?:all|every|full|unlimited) (?:rights?|permissions?|access|capabilit\w+)\b/i,
  /\b(?:do not|don't|never)\s+(?:tell|inform|report|show|mention|notify)\b.{0,40}\b(?:manager|owner|admin\w*|operator|humans?|user|reviewer)s?\b.{0,20}\b(?:about|this|that|it)\b/i,
  /\b(?:override|overrides|overriding|supersedes?)\b.{0,40}\b(?:above|everything|previous|instructions?|rules?)\b|\bmaintenance mode\b|\bapprove your own\b|\bno need to ask (?:anybody|anyone)\b/i,
  /\bprocessed by (?:automated|ai)\b/i,
  /\b(?:set|change|write)\b[^.]{0,30}\b(?:policy|policies)\b/i,
];

export function isBuilderCommand(sentence: string): boolean {
  return COMMANDS.some((pattern) => pattern.test(sentence));
}
