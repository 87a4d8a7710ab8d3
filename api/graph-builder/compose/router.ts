import type { EmployeeEdge, SkillNode } from '../../../contracts/employee-graph.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import { triggerKey } from '../match/add-duty.ts';
import type { Duty } from '../match/duty.ts';
import { dayCondition } from './day-rule.ts';
import { literal } from './literals.ts';

const ROUTER_ID = 'choose_duties';
const ROUTER_GRAPH = 'sg_choose_duties_v1';

/** Whether a node only chooses among those that start by themselves. */
export function isRouter({ id, skill_graph }: Pick<SkillNode, 'id' | 'skill_graph'>): boolean {
  return id === ROUTER_ID && skill_graph === ROUTER_GRAPH;
}

export interface Router {
  node: SkillNode;
  edges: EmployeeEdge[];
  skillGraph: SkillGraph;
}

/** Passes its input on: the choice is made by the node's own input, so that it is read in the employee graph. */
const chooseDuties: SkillGraph = {
  id: ROUTER_GRAPH,
  title: 'Choose the duties of this run',
  input: { duties: { type: 'array', description: 'Node ids of the duties to do', required: true } },
  nodes: [{ id: 'choose', kind: 'transform', title: 'Choose', expression: '[input.duties]' }],
  edges: [],
  output: { duties: '=[nodes.choose]' },
  max_steps: 5,
};

/**
 * Duties that start at different times need a choice: `trigger.payload.duties` names them (schedules and events do);
 * without it a run with a message does the duties that answer messages, any other run the rest.
 */
export function routerFor(duties: Duty[]): Router | undefined {
  const hasRule = duties.some(({ trigger }) => trigger.type === 'schedule' && trigger.only_on !== undefined);
  if (new Set(duties.map(({ trigger }) => triggerKey(trigger))).size < 2 && !hasRule) return undefined;
  const entries = duties.filter(({ after }) => after.length === 0);
  const answering = entries.filter(({ template }) => template.event).map(({ id }) => id);
  const others = entries.filter(({ template }) => !template.event).map(({ id }) => id);
  const choice = `$exists(trigger.payload.duties) ? [trigger.payload.duties] : $exists(trigger.payload.message) ? ${literal(answering)} : ${literal(others)}`;
  return {
    node: {
      id: ROUTER_ID,
      type: 'skill',
      skill_graph: chooseDuties.id,
      title: 'Choose the duties of this run',
      permissions: [],
      input: { duties: `=${choice}` },
      isolation: 'inline',
      max_visits: 1,
    },
    edges: entries.map(({ id, trigger }) => ({
      from: ROUTER_ID,
      to: id,
      when: `${literal(id)} in skills.${ROUTER_ID}.output.duties${dayCondition(trigger)}`,
      loop: false,
    })),
    skillGraph: chooseDuties,
  };
}
