import type { EmployeeDefinition, TriggerProposal } from '../../contracts/employee-graph.ts';
import { capabilitiesOf } from '../../api/graph-builder/graph-capabilities.ts';
import type { TriggerLabel } from '../set/schema.ts';
import { tally, type Tally } from '../tally.ts';
import { isAddressed, likeness } from './event.ts';
import { isHourly, scoreSchedule } from './schedule.ts';

export interface TriggerScore {
  recall: Tally;
  /** Of the schedules and events that were proposed; a direct command is never wrong. */
  precision: Tally;
}

interface Pair {
  label: number;
  proposed: number;
  score: number;
  likeness: number;
  /** A look at the source each hour finds all its events. */
  isPolling?: boolean;
}

/** How well the proposed triggers are the wanted ones. `definition` says what a schedule's duties read (polling). */
export function scoreTriggers(
  labels: readonly TriggerLabel[],
  proposals: readonly TriggerProposal[],
  definition: EmployeeDefinition | undefined,
): TriggerScore {
  const pairs = labels.flatMap((label, index) =>
    proposals.map((proposed, at) => ({ label: index, proposed: at, ...compare(label, proposed, definition) })),
  );
  const met = assign(pairs.filter(({ score }) => score > 0));
  const bestOf = (at: number): number =>
    Math.max(0, ...pairs.filter(({ proposed }) => proposed === at).map(({ score }) => score));
  return {
    recall: tally(labels.map((label, index) => ({ score: met.get(index) ?? 0, missed: `lacks ${inWords(label)}` }))),
    precision: tally(
      proposals.flatMap((proposed, at) =>
        proposed.type === 'direct_command' ? [] : [{ score: bestOf(at), missed: `nobody asked for ${inWords(proposed)}` }],
      ),
    ),
  };
}

/** Each proposal answers one label, the likest first; only polling answers several. */
function assign(pairs: readonly Pair[]): Map<number, number> {
  const met = new Map<number, number>();
  const used = new Set<number>();
  for (const pair of pairs.toSorted((one, other) => other.score - one.score || other.likeness - one.likeness)) {
    if (met.has(pair.label) || used.has(pair.proposed)) continue;
    met.set(pair.label, pair.score);
    if (pair.isPolling !== true) used.add(pair.proposed);
  }
  return met;
}

function compare(
  label: TriggerLabel,
  proposed: TriggerProposal,
  definition: EmployeeDefinition | undefined,
): Pick<Pair, 'score' | 'likeness' | 'isPolling'> {
  if (label.type === 'direct_command') {
    const isDirect = proposed.type === 'direct_command' || (proposed.type === 'external_event' && isToEmployee(proposed));
    return { score: isDirect ? 1 : 0, likeness: 1 };
  }
  if (label.type === 'schedule') {
    const score = proposed.type === 'schedule' ? scoreSchedule(label, proposed) : 0;
    return { score, likeness: score };
  }
  if (proposed.type === 'external_event') {
    const alike = likeness(label, proposed);
    return { score: alike > 0 ? 1 : 0, likeness: alike };
  }
  if (proposed.type === 'direct_command') return { score: isAddressed(label) ? 1 : 0, likeness: 0 };
  const isPolling = isHourly(proposed.cron) && readsFrom(label.source, proposed, definition);
  return { score: isPolling ? 1 : 0, likeness: 0, isPolling };
}

function isToEmployee(proposed: Extract<TriggerProposal, { type: 'external_event' }>): boolean {
  return isAddressed(proposed) || (proposed.events?.some(({ type }) => type === 'slack.app_mention') ?? false);
}

/** Whether the duties that a schedule starts look at the provider that the event would have come from. */
function readsFrom(
  source: string,
  { duties }: Extract<TriggerProposal, { type: 'schedule' }>,
  definition: EmployeeDefinition | undefined,
): boolean {
  const nodes = definition?.graph.nodes.filter(({ id }) => duties?.includes(id) ?? true) ?? [];
  return nodes.some(({ skill_graph: id }) =>
    capabilitiesOf(id, definition?.skill_graphs ?? {}).some((one) => one.startsWith(`${source}/`)),
  );
}

function inWords(trigger: TriggerLabel | TriggerProposal): string {
  if (trigger.type === 'direct_command') return 'a direct command';
  if (trigger.type === 'external_event') return `the ${trigger.source} event "${trigger.about}"`;
  return `the schedule ${trigger.cron}${trigger.timezone === null ? '' : ` ${trigger.timezone}`}`;
}
