import { canonicalHash } from '../../../contracts/digest.ts';
import type { EmployeeEdge, SkillNode, TriggerProposal } from '../../../contracts/employee-graph.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import type { VersionRow } from '../find.ts';

/** What a version is compared by. */
export type Compared = Pick<VersionRow, 'version' | 'contentHash' | 'definition' | 'explanation'>;

export interface Lists<T> {
  added: T[];
  removed: T[];
}

export interface ChangedDuty {
  before: SkillNode;
  after: SkillNode;
  /** What of it differs: `title`, `sentences`, `skill`, `steps`, `permissions`, `input`, `visits`, `isolation`. */
  parts: string[];
}

/** Two versions side by side, as duties and rules, not as text. */
export interface VersionDiff {
  duties: Lists<SkillNode> & { changed: ChangedDuty[] };
  permissions: Lists<string>;
  capabilities: Lists<string>;
  /** Sentences of the job description that the versions rest on. */
  sentences: Lists<string>;
  rules: Lists<PolicyRule> & { isReordered: boolean };
  triggers: Lists<TriggerProposal>;
  ways: Lists<EmployeeEdge>;
}

/** From `before` to `after`. */
export function compareVersions(before: Compared, after: Compared): VersionDiff {
  const [old, fresh] = [before.definition, after.definition];
  return {
    duties: compareDuties(before, after),
    permissions: listsOf(permissionsOf(old.graph.nodes), permissionsOf(fresh.graph.nodes), String),
    capabilities: listsOf(old.capabilities, fresh.capabilities, String),
    sentences: listsOf(sentencesOf(before), sentencesOf(after), String),
    rules: compareRules(old.policy, fresh.policy),
    triggers: listsOf(before.explanation.triggers, after.explanation.triggers, canonicalHash),
    ways: listsOf(old.graph.edges, fresh.graph.edges, canonicalHash),
  };
}

function compareDuties(before: Compared, after: Compared): VersionDiff['duties'] {
  const old = new Map(before.definition.graph.nodes.map((node) => [node.id, node]));
  const fresh = new Map(after.definition.graph.nodes.map((node) => [node.id, node]));
  const changed = [...fresh.values()].flatMap((node): ChangedDuty[] => {
    const known = old.get(node.id);
    if (!known) return [];
    const parts = partsOf(before, known)
      .map(([name, hash], index) => (hash === partsOf(after, node)[index]?.[1] ? undefined : name))
      .filter((name) => name !== undefined);
    return parts.length === 0 ? [] : [{ before: known, after: node, parts }];
  });
  return {
    added: [...fresh.values()].filter(({ id }) => !old.has(id)),
    removed: [...old.values()].filter(({ id }) => !fresh.has(id)),
    changed,
  };
}

/** How sure the builder was is no change of duties. */
function partsOf({ definition }: Compared, node: SkillNode): [name: string, hash: string][] {
  const graph = Object.hasOwn(definition.skill_graphs, node.skill_graph) ? definition.skill_graphs[node.skill_graph] : undefined;
  const parts: [string, unknown][] = [
    ['title', node.title],
    ['sentences', node.provenance?.sentences ?? []],
    ['skill', node.skill_graph],
    ['steps', graph ?? null],
    ['permissions', node.permissions.toSorted()],
    ['input', node.input],
    ['visits', node.max_visits],
    ['isolation', node.isolation],
  ];
  return parts.map(([name, value]) => [name, canonicalHash(value)]);
}

function compareRules(before: readonly PolicyRule[], after: readonly PolicyRule[]): VersionDiff['rules'] {
  const { added, removed } = listsOf(before, after, canonicalHash);
  const kept = (rules: readonly PolicyRule[], gone: readonly PolicyRule[]) => rules.filter((rule) => !gone.includes(rule));
  const isReordered = canonicalHash(kept(before, removed)) !== canonicalHash(kept(after, added));
  return { added, removed, isReordered };
}

function permissionsOf(nodes: readonly SkillNode[]): string[] {
  return [...new Set(nodes.flatMap(({ permissions }) => permissions))].toSorted();
}

function sentencesOf({ explanation, definition }: Compared): string[] {
  const { understood, triggers, limits, not_understood: rest } = explanation;
  const ofNodes = definition.graph.nodes.flatMap(({ provenance }) => provenance?.sentences ?? []);
  const all = [...understood, ...triggers, ...limits, ...rest].flatMap(({ sentence = '' }) =>
    sentence === '' ? [] : [sentence],
  );
  return [...new Set([...ofNodes, ...all])];
}

/** By a key; what stands there twice is counted. */
function listsOf<T>(before: readonly T[], after: readonly T[], keyOf: (one: T) => string): Lists<T> {
  return { added: without(after, before, keyOf), removed: without(before, after, keyOf) };
}

function without<T>(all: readonly T[], those: readonly T[], keyOf: (one: T) => string): T[] {
  const left = new Map<string, number>();
  for (const one of those) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  return all.filter((one) => {
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    return count <= 0;
  });
}
