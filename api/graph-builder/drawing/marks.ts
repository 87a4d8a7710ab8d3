import type { Risk } from '../../../contracts/capability.ts';
import type { EmployeeDefinition, SkillNode } from '../../../contracts/employee-graph.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import { capabilitiesOf, reachableGraphs } from '../graph-capabilities.ts';

/** What the catalogue said of a capability when the version was made; undefined = nothing. */
export type RiskOf = (capability: string) => Risk | undefined;

/** What a duty uses, and what a reader should see of it first. */
export interface Marks {
  capabilities: string[];
  /** It changes something at a provider. */
  writes: boolean;
  /** People may be asked before, or in the course of it. */
  asks: boolean;
}

export function marksOf({ skill_graphs: graphs, policy }: EmployeeDefinition, node: SkillNode, riskOf: RiskOf): Marks {
  const capabilities = capabilitiesOf(node.skill_graph, graphs);
  const effects = capabilities.filter((capability) => riskOf(capability) !== 'read');
  const hasQuestion = reachableGraphs(node.skill_graph, graphs).some(({ nodes }) =>
    nodes.some(({ kind }) => kind === 'approval'),
  );
  const asks = hasQuestion || capabilities.some((capability) => mayAsk(policy, capability, riskOf(capability)));
  return { capabilities, writes: effects.length > 0, asks };
}

/** As ConnectHub decides: the first rule that holds; without one, reads are allowed and all else is asked about. */
function mayAsk(policy: readonly PolicyRule[], capability: string, risk: Risk | undefined): boolean {
  const isEffect = risk !== 'read';
  for (const rule of policy.filter((one) => matches(one.capability, capability))) {
    if (rule.effect === 'require_approval' || (rule.effect === 'allow' && risk === 'destructive')) return true;
    // A condition may not hold: then the next one decides.
    if (rule.when === undefined) return false;
  }
  return isEffect;
}

function matches(pattern: string, capability: string): boolean {
  return pattern.endsWith('*') ? capability.startsWith(pattern.slice(0, -1)) : capability === pattern;
}
