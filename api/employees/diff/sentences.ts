import type { SkillNode, TriggerProposal } from '../../../contracts/employee-graph.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import type { ChangedDuty, VersionDiff } from './compare-versions.ts';

/** More of a kind are counted. */
const MAX_NAMED = 5;

/** The change of duties in plain sentences, the most important first; none where nothing changes. */
export function sentencesOf(diff: VersionDiff): string[] {
  const { duties, capabilities, permissions, sentences, rules, triggers, ways } = diff;
  return [
    ...duties.added.map((duty) => `Now also: ${named(duty)}.`),
    ...duties.removed.map((duty) => `No longer: ${named(duty)}.`),
    ...duties.changed.map(changedDuty),
    ...counted(capabilities.added, (names) => `Needs ${names}.`),
    ...counted(capabilities.removed, (names) => `Does without ${names}.`),
    ...counted(permissions.added, (names) => `May now ${names}.`, mayWords),
    ...counted(permissions.removed, (names) => `May no longer ${names}.`, mayWords),
    ...rules.added.map((rule) => `Rule new: ${ruleWords(rule)}.`),
    ...rules.removed.map((rule) => `Rule removed: ${ruleWords(rule)}.`),
    ...(rules.isReordered ? ['Rules that stay decide in another order.'] : []),
    ...triggers.added.map((trigger) => `Starts ${triggerWords(trigger)}.`),
    ...triggers.removed.map((trigger) => `No longer starts ${triggerWords(trigger)}.`),
    ...(ways.added.length + ways.removed.length > 0 ? [waysChanged(ways.added.length, ways.removed.length)] : []),
    ...counted(sentences.added, (names, count) => `${count} ${count === 1 ? 'sentence' : 'sentences'} new: ${names}.`, quoted),
    ...counted(sentences.removed, (names, count) => `${count} ${count === 1 ? 'sentence' : 'sentences'} gone: ${names}.`, quoted),
  ];
}

/** All of it in a line: `now also "Chase overdue invoices"; needs gmail/email.send; 2 sentences new`. */
export function summaryOf({ duties, capabilities, rules, triggers, sentences, ways }: VersionDiff): string {
  const title = ({ title: text }: SkillNode) => quoted(text);
  const parts = [
    ...counted(duties.added.map(title), (names) => `now also ${names}`),
    ...counted(duties.removed.map(title), (names) => `no longer ${names}`),
    ...counted(
      duties.changed.map(({ after }) => title(after)),
      (names) => `otherwise ${names}`,
    ),
    ...counted(capabilities.added, (names) => `needs ${names}`),
    ...counted(capabilities.removed, (names) => `does without ${names}`),
    ...numbered(rules.added.length, 'rule', 'new'),
    ...numbered(rules.removed.length, 'rule', 'removed'),
    ...(rules.isReordered ? ['rules in another order'] : []),
    ...numbered(triggers.added.length, 'start', 'new'),
    ...numbered(triggers.removed.length, 'start', 'gone'),
    ...numbered(ways.added.length + ways.removed.length, 'way', 'changed'),
    ...numbered(sentences.added.length, 'sentence', 'new'),
    ...numbered(sentences.removed.length, 'sentence', 'gone'),
  ];
  return parts.length === 0 ? 'the duties are the same' : parts.join('; ');
}

function named({ title, provenance }: SkillNode): string {
  const from = provenance?.sentences.slice(0, 2).map(quoted).join(', ');
  return from ? `${quoted(title)}, from ${from}` : quoted(title);
}

function changedDuty({ before, after, parts }: ChangedDuty): string {
  const words = parts.filter((part) => part !== 'title').map((part) => PARTS[part] ?? part);
  const renamed = parts.includes('title') ? [`it is called ${quoted(after.title)} now`] : [];
  return `Otherwise: ${quoted(before.title)}: ${[...renamed, ...words].join(', ')}.`;
}

const PARTS: { [part: string]: string } = {
  sentences: 'other sentences stand behind it',
  skill: 'another skill does it',
  steps: 'its steps differ',
  permissions: 'it may use other things',
  input: 'it works with other values',
  visits: 'it may be repeated another number of times',
  isolation: 'it runs in another place of the run',
};

const EFFECTS = { allow: 'allows', require_approval: 'asks before', deny: 'forbids' } as const;

/** `asks user_katrin before gmail/email.send where parameters.amount > 500 ("Always ask Katrin ...")`. */
export function ruleWords({ capability, effect, when, approvers, sentence, reason }: PolicyRule): string {
  const verb = effect === 'require_approval' && approvers.length > 0 ? `asks ${approvers.join(', ')} before` : EFFECTS[effect];
  const where = when === undefined ? '' : ` where ${oneLine(when)}`;
  const why = sentence ?? reason;
  return `${verb} ${capability}${where}${why === '' ? '' : ` (${quoted(why)})`}`;
}

function triggerWords(trigger: TriggerProposal): string {
  switch (trigger.type) {
    case 'schedule':
      return `at ${trigger.cron} ${trigger.timezone ?? 'in a zone that nobody named'} (${quoted(trigger.sentence)})`;
    case 'external_event':
      return `when ${trigger.about} at ${trigger.source} (${quoted(trigger.sentence)})`;
    case 'direct_command':
      return `when a person says so${trigger.sentence === undefined ? '' : ` (${quoted(trigger.sentence)})`}`;
  }
}

/** `email.write` -> `write email`. */
function mayWords(permission: string): string {
  const [noun = '', verb = ''] = permission.split('.');
  return `${verb} ${noun}`;
}

function waysChanged(added: number, removed: number): string {
  const parts = [...(added > 0 ? [`${added} new`] : []), ...(removed > 0 ? [`${removed} gone`] : [])];
  return `The order of duties differs: ${parts.join(', ')} ${added + removed === 1 ? 'way' : 'ways'} between them.`;
}

function counted(
  all: readonly string[],
  say: (names: string, count: number) => string,
  word: (one: string) => string = (one) => one,
): string[] {
  if (all.length === 0) return [];
  const names = all.slice(0, MAX_NAMED).map(word).join(', ');
  const more = all.length > MAX_NAMED ? ` and ${all.length - MAX_NAMED} more` : '';
  return [say(`${names}${more}`, all.length)];
}

function numbered(count: number, noun: string, what: string): string[] {
  return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'} ${what}`];
}

function quoted(text: string): string {
  return `"${oneLine(text)}"`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
