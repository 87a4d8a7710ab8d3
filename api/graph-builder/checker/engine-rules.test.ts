import { describe, expect, it } from 'vitest';
import { employeeDefinitionSchema, type EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import { callBound } from './calls.ts';
import { checkEmployee } from './check-employee.ts';
import { visitBounds } from './visits.ts';

const t = (id: string) => ({ id, kind: 'transform', expression: '1' });
const b = (id: string) => ({ id, kind: 'branch', expression: '"a"' });

/** An employee of one skill with this graph. */
function withGraph(nodes: object[], edges: object[] = [], more: object = {}): EmployeeDefinition {
  const skill = { id: 'sg_test_v1', title: 'Test', input: {}, nodes, edges, ...more };
  const provenance = { sentences: ['Do it.'], source: 'person', score: 1 };
  const node = { id: 'work', type: 'skill', skill_graph: 'sg_test_v1', title: 'Work', permissions: [], input: {}, provenance };
  return employeeDefinitionSchema.parse({
    graph: { graph_id: 'emp_draft', type: 'employee', nodes: [node], edges: [] },
    skill_graphs: { sg_test_v1: skill },
    policy: [],
    capabilities: [],
  });
}

const found = (definition: EmployeeDefinition) =>
  checkEmployee(definition, { providers: [] }).map(({ code, path }) => [code, path]);
const NODE = 'skill_graphs/sg_test_v1/nodes';

describe('what the engine refuses, the checker refuses', () => {
  it('a way back that starts at no branch, though a branch is in its circle', () => {
    const edges = [
      { from: 'start', to: 'choose' },
      { from: 'choose', to: 'again', when: 'a' },
      { from: 'choose', to: 'end', when: 'otherwise' },
      { from: 'again', to: 'choose' },
    ];
    const definition = withGraph([t('start'), b('choose'), t('again'), t('end')], edges);
    expect(found(definition)).toEqual([['loop_unbounded', `${NODE}/again`]]);
  });

  it('a circle whose branch can only go round', () => {
    const round = (more: object[]) =>
      withGraph(
        [t('start'), b('choose'), t('end')],
        [{ from: 'start', to: 'choose' }, { from: 'choose', to: 'choose', when: 'otherwise' }, ...more],
      );
    expect(found(round([{ from: 'choose', to: 'end', when: 'a' }]))).toEqual([]);
    const endless = round([{ from: 'start', to: 'end' }]);
    expect(found(endless)).toEqual([['loop_unbounded', `${NODE}/choose`]]);
  });

  it('more nodes that always run than steps', () => {
    const edges = [
      { from: 'one', to: 'choose' },
      { from: 'choose', to: 'two', when: 'a' },
      { from: 'choose', to: 'three', when: 'otherwise' },
    ];
    const graph = (max_steps: number) => withGraph([t('one'), b('choose'), t('two'), t('three')], edges, { max_steps });
    expect(found(graph(2))).toEqual([]);
    expect(found(graph(1))).toEqual([['steps_too_few', 'skill_graphs/sg_test_v1']]);
  });

  it('a schema of a model that is none', { timeout: 30_000 }, () => {
    const model = (schema: object) => withGraph([{ id: 'say', kind: 'model', instructions: '', input: {}, schema }]);
    expect(found(model({ type: 'object' }))).toEqual([]);
    for (const schema of [{ type: 'nonsense' }, { $id: 1 }, { $ref: '#/nowhere' }]) {
      expect(found(model(schema))).toEqual([['schema_invalid', `${NODE}/say/schema`]]);
    }
    for (const title of ['one', 'other']) expect(found(model({ $id: 'https://schemas.example/same', title }))).toEqual([]);
  });

  it('says the sentence that led to the place, within a skill graph too', () => {
    const [problem] = checkEmployee(withGraph([{ ...t('broken'), expression: '$sum([1' }]), { providers: [] });
    expect(problem).toMatchObject({ code: 'expression_invalid', path: `${NODE}/broken`, sentence: 'Do it.' });
  });
});

describe('visits of skills', () => {
  /** a -> b -> c, with ways back from c to a (3 visits) and from b to b (2 visits). */
  function looping(most: number): EmployeeDefinition {
    const one = withGraph([{ id: 'call', kind: 'capability', capability: 'slack/slack.read', parameters: {} }]);
    const [work] = one.graph.nodes;
    const node = (id: string, max_visits: number) => ({ ...work!, id, max_visits });
    one.graph.nodes = [node('a', most), node('b', 2), node('c', 1)];
    one.graph.edges = [
      { from: 'a', to: 'b', loop: false },
      { from: 'b', to: 'c', loop: false },
      { from: 'c', to: 'a', loop: true },
      { from: 'b', to: 'b', loop: true },
    ];
    return one;
  }

  it('count for all that lies after the target of a way back, and so do their calls', () => {
    expect(Object.fromEntries(visitBounds(looping(3).graph))).toEqual({ a: 3, b: 4, c: 4 });
    expect(callBound(looping(3))).toBe(11);
  });

  it('are bounded for a run', () => {
    const codes = (definition: EmployeeDefinition) => found(definition).map(([code]) => code);
    const many = looping(100);
    for (const node of many.graph.nodes) node.max_visits = 100;
    expect(codes(many)).not.toContain('too_many_visits');
    many.graph.edges.push({ from: 'c', to: 'c', loop: true });
    expect(codes(many)).toContain('too_many_visits');
  });
});
