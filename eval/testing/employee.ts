import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';
import type { PolicyRule } from '../../contracts/policy.ts';
import type { MicroAgent } from '../../contracts/skill-graph.ts';
import type { JsonObject } from '../../contracts/json.ts';

export interface EmployeeParts {
  /** Qualified capabilities that its only skill calls. */
  uses?: string[];
  /** Nodes before those calls. */
  before?: MicroAgent[];
  input?: JsonObject;
  policy?: Pick<PolicyRule, 'capability' | 'effect' | 'when'>[];
}

/** An employee of one skill, made by hand. */
export function employee({ uses = [], before = [], input = {}, policy = [] }: EmployeeParts): EmployeeDefinition {
  const calls = uses.map((capability, index): MicroAgent => ({
    kind: 'capability',
    id: `call_${index}`,
    capability,
    parameters: {},
  }));
  const nodes = [...before, ...calls];
  const edges = nodes.flatMap(({ id: from }, index) => nodes.slice(index + 1, index + 2).map(({ id: to }) => ({ from, to })));
  return {
    graph: {
      graph_id: 'emp_draft',
      type: 'employee',
      nodes: [
        {
          id: 'work',
          type: 'skill',
          skill_graph: 'sg_work_v1',
          title: 'Work',
          permissions: [],
          input,
          isolation: 'child',
          max_visits: 1,
        },
      ],
      edges: [],
    },
    skill_graphs: { sg_work_v1: { id: 'sg_work_v1', title: 'Work', input: {}, nodes, edges, max_steps: 10 } },
    policy: policy.map((rule) => ({
      ...rule,
      approvers: [],
      timeout_seconds: 60,
      on_timeout: 'reject' as const,
      reason: 'By hand.',
    })),
    capabilities: [...uses].sort(),
  };
}
