import { describe, expect, it } from 'vitest';
import type { EmployeeGraph, SkillNode } from '../../contracts/employee-graph.ts';
import { entriesOf, graphFrom } from './entry-skills.ts';

const node = (id: string, skill_graph = `sg_${id}_v1`): SkillNode => ({
  id,
  type: 'skill',
  skill_graph,
  title: id,
  permissions: [],
  input: {},
  isolation: 'child',
  max_visits: 1,
});
const edge = (from: string, to: string, loop = false) => ({ from, to, loop });
const graph: EmployeeGraph = {
  graph_id: 'emp_a_v1',
  type: 'employee',
  nodes: [node('choose_duties', 'sg_choose_duties_v1'), node('digest'), node('post'), node('greet')],
  edges: [edge('choose_duties', 'digest'), edge('choose_duties', 'greet'), edge('digest', 'post'), edge('post', 'digest', true)],
};

describe('entry skills', () => {
  it('are what starts by itself, behind the node that only chooses', () => {
    expect(entriesOf(graph)).toEqual(['digest', 'greet']);
  });

  it('bring what follows them and nothing else, and need no choice any more', () => {
    const part = graphFrom(graph, ['digest']);
    expect(part.nodes.map(({ id }) => id)).toEqual(['digest', 'post']);
    expect(part.edges).toEqual([edge('digest', 'post'), edge('post', 'digest', true)]);
    expect(graphFrom(graph, ['greet'])).toMatchObject({ graph_id: 'emp_a_v1', nodes: [{ id: 'greet' }], edges: [] });
  });

  it.each(['post', 'choose_duties', 'nobody'])('are never %s', (id) => {
    expect(() => graphFrom(graph, [id])).toThrow(`does not start at the skill ${id}`);
  });
});
