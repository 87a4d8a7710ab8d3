import { randomBytes, randomUUID } from 'node:crypto';
import { employeeGraphSchema } from '../../contracts/employee-graph.ts';
import type { EmployeeGraph } from '../../contracts/employee-graph.ts';
import { callScopeOf, makeEmployeeId, makeGraphId, makeRunId } from '../../contracts/ids.ts';
import { planHash } from '../../contracts/digest.ts';
import type { EmployeeRunInput, RunPlan } from '../../contracts/run.ts';
import { skillGraphSchema } from '../../contracts/skill-graph.ts';
import type { SkillGraph } from '../../contracts/skill-graph.ts';
import { fakeTicket } from './fake-services.ts';

type Loose = { [member: string]: unknown };

/** A skill graph with what the schema fills in. */
export function skillGraph(id: string, nodes: Loose[], more: Loose = {}): SkillGraph {
  return skillGraphSchema.parse({ id: `sg_${id}_v1`, title: id, input: {}, nodes, edges: [], ...more });
}

/** A skill node that runs `sg_{graph}_v1`. */
export function skillNode(id: string, graph: string, more: Loose = {}): Loose {
  return { id, type: 'skill', skill_graph: `sg_${graph}_v1`, title: id, permissions: [], input: {}, ...more };
}

export function call(id: string, capability: string, parameters: Loose = {}): Loose {
  return { id, kind: 'capability', capability, parameters };
}

/** The input of a run that Agent-Core would start, in an organisation and of an employee of its own. */
export function runOf(
  nodes: Loose[],
  graphs: SkillGraph[],
  more: { edges?: Loose[]; budget?: Partial<EmployeeRunInput['plan']['budget']>; payload?: Loose } = {},
): EmployeeRunInput {
  const employee = makeEmployeeId(randomBytes(16));
  const run_id = makeRunId({ employee, version: 1, at: new Date().toISOString() });
  const graph: EmployeeGraph = employeeGraphSchema.parse({
    graph_id: makeGraphId(employee, 1),
    type: 'employee',
    nodes,
    edges: more.edges ?? [],
  });
  const plan: RunPlan = {
    skill_graphs: Object.fromEntries(graphs.map((skill) => [skill.id, skill])),
    connections: { slack: 'conn_slack' },
    capabilities: { 'slack/slack.post': { risk: 'write', summary_parameter: 'channel' } },
    budget: { max_calls: 100, max_skill_visits: 50, ...more.budget },
  };
  return {
    intent: {
      type: 'runIntent',
      schema_version: 1,
      event_id: randomUUID(),
      org_id: `org_${employee.slice(0, 8)}`,
      employee_id: employee,
      execution_id: randomUUID(),
      run_id,
      timestamp: new Date().toISOString(),
      auth_context: { clerk_org_id: 'org', employee_m2m_app_id: 'app' },
      trigger: {
        type: 'direct_command',
        payload: (more.payload ?? {}) as EmployeeRunInput['intent']['trigger']['payload'],
        source: 'test',
      },
      context: { employee_memory: {}, skill_contexts: {}, org_knowledge: {}, execution_state: {} },
      graph_spec: graph,
    },
    plan,
    ticket: fakeTicket({ run_id, call_scope: callScopeOf(run_id), plan_hash: planHash(plan, graph) }),
  };
}
