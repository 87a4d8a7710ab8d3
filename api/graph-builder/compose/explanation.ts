import { missingScopes, type Catalogue } from '../../../contracts/capability.ts';
import type { Explanation, TriggerProposal } from '../../../contracts/employee-graph.ts';
import { launchPath } from '../../../contracts/launch.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import { triggerKey } from '../match/add-duty.ts';
import { eventsOf } from '../triggers/events.ts';
import type { Duty, NotUnderstood } from '../match/duty.ts';

export interface ExplainInput {
  text: string;
  duties: Duty[];
  skillGraphs: { [id: string]: SkillGraph };
  rules: PolicyRule[];
  notUnderstood: NotUnderstood[];
  capabilities: string[];
  catalogue: Catalogue;
}

/** The account of what each sentence became, in the order of the text. */
export function explain(input: ExplainInput): Explanation {
  const position = (sentence: string): number => input.text.indexOf(sentence);
  return {
    understood: input.duties
      .flatMap((duty) =>
        duty.sentences.map((sentence) => ({
          sentence,
          skill: duty.id,
          capabilities: capabilitiesOf(duty.template.graphs[0].id, input.skillGraphs),
          score: duty.score,
        })),
      )
      .sort((one, other) => position(one.sentence) - position(other.sentence)),
    triggers: distinctTriggers(input.duties),
    limits: input.rules.map((rule) => ({ sentence: rule.sentence ?? '', rule: wordRule(rule) })),
    not_understood: distinct(input.notUnderstood).sort((one, other) => position(one.sentence) - position(other.sentence)),
    missing_connections: missingConnections(input.capabilities, input.catalogue),
  };
}

function distinctTriggers(duties: Duty[]): TriggerProposal[] {
  const byKey = new Map(
    duties.flatMap(({ trigger, also = [] }) => [trigger, ...also]).map((trigger) => [triggerKey(trigger), trigger]),
  );
  return [...byKey].map(([key, trigger]) => {
    if (trigger.type === 'direct_command') return trigger;
    const entries = entriesOf(duties, key);
    const started = { duties: entries.map(({ id }) => id) };
    if (trigger.type === 'schedule') return { ...trigger, ...started };
    const events = eventsOf(trigger.about, entries, trigger.source);
    return events.length === 0 ? trigger : { ...trigger, events, ...started };
  });
}

/** Duties that follow others start by themselves. */
function entriesOf(duties: Duty[], key: string): Duty[] {
  return duties.filter(
    ({ trigger, also = [], after }) => [trigger, ...also].some((one) => triggerKey(one) === key) && after.length === 0,
  );
}

function distinct(reports: NotUnderstood[]): NotUnderstood[] {
  return [...new Map(reports.map((report) => [report.sentence, report])).values()];
}

function wordRule({ capability, effect, when }: PolicyRule): string {
  const verb = { allow: 'allow', deny: 'deny', require_approval: 'ask before' }[effect];
  return when === undefined ? `${verb} ${capability}` : `${verb} ${capability} when ${when}`;
}

/** What has to be connected before an employee with these capabilities can work. */
export function missingConnections(capabilities: string[], catalogue: Catalogue): Explanation['missing_connections'] {
  const used = new Set(capabilities.map((capability) => capability.split('/')[0]));
  return catalogue.providers.flatMap(({ provider, connections }) => {
    const active = connections.filter(({ status }) => status === 'active');
    const isReady = active.some((connection) => missingScopes(catalogue, capabilities, connection).length === 0);
    if (!used.has(provider) || isReady) return [];
    // The only one is the one to be widened; of several, the person chooses at the consent page.
    const connectionId = active.length === 1 ? active[0]?.connection_id : undefined;
    return { provider, launch: launchPath(provider, { capabilities, connectionId }) };
  });
}
