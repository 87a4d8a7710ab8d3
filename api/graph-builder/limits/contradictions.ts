import type { PolicyRule } from '../../../contracts/policy.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import type { Duty, NotUnderstood } from '../match/duty.ts';

/** True when a rule's pattern (`slack/slack.post`, `slack/*`) covers a qualified capability. */
export function covers(pattern: string, capability: string): boolean {
  return pattern.endsWith('*') ? capability.startsWith(pattern.slice(0, -1)) : pattern === capability;
}

/** A duty that an outright prohibition rules out is no duty; both sentences are shown to the manager. */
export function dropContradictions(duties: Duty[], rules: PolicyRule[]): { duties: Duty[]; contradictions: NotUnderstood[] } {
  const outright = rules.filter(({ effect, when }) => effect === 'deny' && when === undefined);
  const contradictions: NotUnderstood[] = [];
  const dropped = new Set<string>();
  for (const duty of duties) {
    const graphs = Object.fromEntries(duty.template.graphs.map((graph) => [graph.id, graph]));
    const used = capabilitiesOf(duty.template.graphs[0].id, graphs);
    const rule = outright.find(({ capability }) => used.some((candidate) => covers(capability, candidate)));
    if (!rule) continue;
    dropped.add(duty.id);
    contradictions.push({
      sentence: duty.sentences.at(-1)!,
      reason: `This contradicts: "${rule.sentence ?? rule.reason}"`,
      question: 'Which of the two holds?',
    });
  }
  // What builds on a duty that is gone has nothing to build on.
  for (const duty of duties) {
    const isFed =
      duty.template.feeds !== undefined &&
      !duty.template.feeds.some(({ from }) =>
        duties.some(({ id, template }) => template.id === from && !dropped.has(id) && duty.after.includes(id)),
      );
    if (!isFed || dropped.has(duty.id)) continue;
    dropped.add(duty.id);
    contradictions.push({
      sentence: duty.sentences.at(-1)!,
      reason: 'What this builds on is ruled out.',
      question: 'What should it be done with?',
    });
  }
  const kept = duties.filter(({ id }) => !dropped.has(id));
  return { duties: kept.map((duty) => ({ ...duty, after: duty.after.filter((id) => !dropped.has(id)) })), contradictions };
}
