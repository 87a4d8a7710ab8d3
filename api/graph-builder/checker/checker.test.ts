import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import { skillGraphSchema, type MicroAgent, type SkillGraph } from '../../../contracts/skill-graph.ts';
import { buildEmployee } from '../build-employee.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import { slackCatalogue } from '../testing/slack-catalogue.ts';
import { MAX_CALLS_PER_RUN, callBound } from './calls.ts';
import { checkEmployee } from './check-employee.ts';
import type { CheckProblem } from './problem.ts';

const catalogue = slackCatalogue();
const sample = (): EmployeeDefinition =>
  structuredClone(
    buildEmployee({
      jobDescription: 'Every day at 9:00 post a digest of #a in #b. Then react with :eyes: to every message the digest covered.',
      catalogue,
    }).definition,
  );

/** The sample after `change`, as problems. */
function after(change: (definition: EmployeeDefinition) => void): CheckProblem[] {
  const definition = sample();
  change(definition);
  return checkEmployee(definition, catalogue);
}

/** A definition of one skill whose graph has these nodes and edges. */
function withGraph(nodes: MicroAgent[], edges: SkillGraph['edges'], more: Partial<EmployeeDefinition> = {}): EmployeeDefinition {
  const graph = skillGraphSchema.parse({ id: 'sg_test_v1', title: 'Test', input: {}, nodes, edges });
  const skillGraphs = { sg_test_v1: graph };
  return {
    graph: {
      graph_id: 'emp_test',
      type: 'employee',
      nodes: [
        {
          id: 'skill',
          type: 'skill',
          skill_graph: 'sg_test_v1',
          title: 'Skill',
          permissions: ['slack.read', 'slack.write'],
          input: {},
          isolation: 'child',
          max_visits: 1,
        },
      ],
      edges: [],
    },
    skill_graphs: skillGraphs,
    policy: [
      {
        capability: 'slack/*',
        effect: 'require_approval',
        approvers: [],
        timeout_seconds: 60,
        on_timeout: 'reject',
        reason: 'default',
      },
    ],
    capabilities: capabilitiesOf('sg_test_v1', skillGraphs),
    ...more,
  };
}

const transform = (id: string, expression = '1'): MicroAgent => ({ id, kind: 'transform', expression });
const post = (id: string): MicroAgent => ({
  id,
  kind: 'capability',
  capability: 'slack/slack.post',
  parameters: { channel: '#a', text: 'x' },
});
const codes = (problems: CheckProblem[]): string[] => [...new Set(problems.map(({ code }) => code))];

describe('the checker', () => {
  it('has nothing to say about what the builder makes', () => {
    expect(checkEmployee(sample(), catalogue)).toEqual([]);
  });

  it('names an unknown capability with the sentence it came from', () => {
    const [problem] = after((definition) => {
      const react = definition.skill_graphs['sg_react_v1']?.nodes[0];
      if (react?.kind === 'capability') react.capability = 'slack/slack.kick';
    }).filter(({ code }) => code === 'capability_unknown');
    expect(problem).toMatchObject({ path: 'nodes/mark_covered', sentence: expect.stringContaining('react with :eyes:') });
  });

  it('names a missing permission', () => {
    const problems = after((definition) => {
      definition.graph.nodes[0]!.permissions = ['slack.read'];
    });
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'permission_missing',
        path: 'nodes/channel_digest',
        next: expect.stringContaining('slack.write'),
      }),
    ]);
  });

  it('wants the list of capabilities to be what the skills use, no less and no more', () => {
    expect(codes(after((definition) => void definition.capabilities.pop()))).toContain('capabilities_differ');
    expect(codes(after((definition) => void definition.capabilities.push('slack/slack.dm')))).toContain('capabilities_differ');
  });

  it('names edges to nowhere, in both kinds of graph', () => {
    expect(
      codes(after((definition) => void definition.graph.edges.push({ from: 'channel_digest', to: 'nobody', loop: false }))),
    ).toEqual(['dead_end']);
    expect(codes(checkEmployee(withGraph([transform('a')], [{ from: 'a', to: 'b' }]), catalogue))).toEqual(['dead_end']);
  });

  it('names a branch without a way for other values', () => {
    const branch: MicroAgent = { id: 'choose', kind: 'branch', expression: '"x"' };
    expect(
      codes(checkEmployee(withGraph([branch, transform('a')], [{ from: 'choose', to: 'a', when: 'x' }]), catalogue)),
    ).toEqual(['dead_end']);
    expect(
      checkEmployee(withGraph([branch, transform('a')], [{ from: 'choose', to: 'a', when: 'otherwise' }]), catalogue),
    ).toEqual([]);
  });

  it('names a circle that no branch leaves, and accepts one that a branch leaves', () => {
    const circle = withGraph(
      [transform('a'), transform('b'), transform('c')],
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'c' },
        { from: 'c', to: 'b' },
      ],
    );
    expect(codes(checkEmployee(circle, catalogue))).toEqual(['loop_unbounded']);
    const branch: MicroAgent = { id: 'again', kind: 'branch', expression: '"yes"' };
    const left = withGraph(
      [transform('a'), transform('b'), branch, transform('end')],
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'again' },
        { from: 'again', to: 'b', when: 'yes' },
        { from: 'again', to: 'end', when: 'otherwise' },
      ],
    );
    expect(checkEmployee(left, catalogue)).toEqual([]);
  });

  it('names nodes that only a circle of their own leads to', () => {
    const branch: MicroAgent = { id: 'again', kind: 'branch', expression: '"yes"' };
    const island = withGraph(
      [transform('a'), transform('b'), branch],
      [
        { from: 'b', to: 'again' },
        { from: 'again', to: 'b', when: 'otherwise' },
      ],
    );
    expect(checkEmployee(island, catalogue).map(({ code, path }) => [code, path])).toEqual([
      ['unreachable', 'skill_graphs/sg_test_v1/nodes/b'],
      ['unreachable', 'skill_graphs/sg_test_v1/nodes/again'],
    ]);
  });

  it('names skills that run in a circle without a loop mark, and loops that cannot be taken', () => {
    const back = { from: 'mark_covered', to: 'channel_digest' };
    expect(codes(after((definition) => void definition.graph.edges.push({ ...back, loop: false })))).toEqual(['loop_unbounded']);
    expect(codes(after((definition) => void definition.graph.edges.push({ ...back, loop: true })))).toEqual(['loop_unbounded']);
    const bounded = after((definition) => {
      definition.graph.edges.push({ ...back, loop: true });
      definition.graph.nodes[0]!.max_visits = 2;
    });
    expect(bounded).toEqual([]);
  });

  it('holds literal parameters against the schema of the capability', () => {
    const change = (parameters: Record<string, string | number>) => (definition: EmployeeDefinition) => {
      const node = definition.skill_graphs['sg_channel_digest_v1']?.nodes[2];
      if (node?.kind === 'capability') node.parameters = parameters;
    };
    expect(codes(after(change({ channel: 7, text: '=1' })))).toEqual(['parameter_type']);
    expect(codes(after(change({ channel: '#a' })))).toEqual(['parameter_missing']);
    expect(codes(after(change({ channel: '#a', text: 'x', colour: 'red' })))).toEqual(['parameter_unknown']);
    expect(after(change({ channel: '#a', text: '==x' }))).toEqual([]);
  });

  it('holds the input of skills, nested graphs and foreach bodies against their graphs', () => {
    expect(codes(after((definition) => void delete definition.graph.nodes[0]!.input['target']))).toEqual(['parameter_missing']);
    expect(codes(after((definition) => void (definition.graph.nodes[0]!.input['best'] = 'ten')))).toEqual(['parameter_type']);
    expect(codes(after((definition) => void (definition.graph.nodes[0]!.input['colour'] = 'red')))).toEqual([
      'parameter_unknown',
    ]);
  });

  it.each(['1 +', '$f(', '"open'])('names the expression %s, which does not compile', (expression) => {
    expect(codes(checkEmployee(withGraph([transform('a', expression)], []), catalogue))).toEqual(['expression_invalid']);
    expect(codes(after((definition) => void (definition.graph.edges[0]!.when = expression)))).toEqual(['expression_invalid']);
    expect(codes(after((definition) => void (definition.policy[0]!.when = expression)))).toContain('expression_invalid');
  });

  it('refuses functions that are taken away, but not their names in a text', () => {
    expect(codes(checkEmployee(withGraph([transform('a', '$eval(input.x)')], []), catalogue))).toEqual(['expression_forbidden']);
    expect(codes(checkEmployee(withGraph([transform('a', '$now()')], []), catalogue))).toEqual(['expression_forbidden']);
    expect(checkEmployee(withGraph([transform('a', '"$now()"')], []), catalogue)).toEqual([]);
  });

  it('wants every write decided by a rule, and no rule that allows by the dozen', () => {
    expect(codes(checkEmployee(withGraph([post('a')], [], { policy: [] }), catalogue))).toEqual(['policy_missing']);
    const broad = withGraph([post('a')], [], {
      policy: [
        { capability: 'slack/*', effect: 'allow', approvers: [], timeout_seconds: 60, on_timeout: 'reject', reason: 'all' },
      ],
    });
    expect(codes(checkEmployee(broad, catalogue))).toEqual(['policy_too_broad']);
  });

  it('names graphs that are missing, contain themselves or lie too deep', () => {
    expect(codes(after((definition) => void delete definition.skill_graphs['sg_react_v1']))).toContain('graph_missing');
    const itself: MicroAgent = { id: 'again', kind: 'graph', graph: 'sg_test_v1', input: {} };
    expect(codes(checkEmployee(withGraph([itself], []), catalogue))).toEqual(['graph_recursive']);
    const deep = withGraph([{ id: 'down', kind: 'graph', graph: 'sg_level_v2', input: {} }], []);
    for (let level = 2; level <= 7; level += 1) {
      const nodes: MicroAgent[] =
        level === 7 ? [transform('a')] : [{ id: 'down', kind: 'graph', graph: `sg_level_v${level + 1}`, input: {} }];
      deep.skill_graphs[`sg_level_v${level}`] = skillGraphSchema.parse({
        id: `sg_level_v${level}`,
        title: 'Level',
        input: {},
        nodes,
        edges: [],
      });
    }
    expect(codes(checkEmployee(deep, catalogue))).toEqual(['graph_too_deep']);
  });

  it('refuses waiting beside other work in one graph, naming both nodes', () => {
    const wait: MicroAgent = { id: 'pause', kind: 'wait', seconds: 60 };
    const [problem] = checkEmployee(withGraph([wait, transform('work')], []), catalogue);
    expect(problem).toMatchObject({ code: 'parallel_wait', message: expect.stringMatching(/pause.*work/) });
    expect(codes(checkEmployee(withGraph([post('one'), post('two')], []), catalogue))).toEqual(['parallel_wait']);
    expect(checkEmployee(withGraph([post('one'), post('two')], [{ from: 'one', to: 'two' }]), catalogue)).toEqual([]);
  });

  it('accepts waiting on ways that a branch chooses between', () => {
    const branch: MicroAgent = { id: 'choose', kind: 'branch', expression: '"x"' };
    const edges = [
      { from: 'choose', to: 'one', when: 'x' },
      { from: 'choose', to: 'two', when: 'otherwise' },
    ];
    expect(checkEmployee(withGraph([branch, post('one'), post('two')], edges), catalogue)).toEqual([]);
  });

  it('names ids that are used twice', () => {
    expect(codes(checkEmployee(withGraph([transform('a'), transform('a')], []), catalogue))).toContain('id_clash');
    expect(codes(after((definition) => void definition.graph.nodes.push(definition.graph.nodes[0]!)))).toContain('id_clash');
  });

  it('names secrets in any text', () => {
    const problems = after((definition) => void (definition.policy[0]!.reason = `xoxb-${'1'.repeat(12)}-secret`));
    expect(problems).toEqual([expect.objectContaining({ code: 'secret_in_text', path: 'policy' })]);
  });

  it('bounds the calls of one run', () => {
    expect(callBound(sample())).toBeLessThanOrEqual(MAX_CALLS_PER_RUN);
    const problems = after((definition) => {
      const foreach = definition.skill_graphs['sg_mark_covered_v1']?.nodes[0];
      if (foreach?.kind === 'foreach') foreach.max_items = 1_000;
      definition.graph.nodes[1]!.max_visits = 100;
      definition.graph.edges.push({ from: 'mark_covered', to: 'mark_covered', loop: true });
    });
    expect(codes(problems)).toContain('too_many_calls');
  });

  it('never throws, and never misses a circle, whatever the edges are', { timeout: 60_000 }, () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const edge = fc.record({ from: fc.constantFrom(...names), to: fc.constantFrom(...names) });
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), (edges) => {
        const problems = checkEmployee(
          withGraph(
            names.map((name) => transform(name)),
            edges,
          ),
          catalogue,
        );
        expect(problems.some(({ code }) => code === 'loop_unbounded')).toBe(hasCircle(names, edges));
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on any expression or parameter', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), fc.jsonValue(), (expression, value) => {
        const node: MicroAgent = {
          id: 'call',
          kind: 'capability',
          capability: 'slack/slack.post',
          parameters: JSON.parse(JSON.stringify({ channel: value, text: expression })),
        };
        expect(
          Array.isArray(checkEmployee(withGraph([transform('a', expression), node], [{ from: 'a', to: 'call' }]), catalogue)),
        ).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

/** The slow and plain way: some node comes back to itself. */
function hasCircle(names: string[], edges: { from: string; to: string }[]): boolean {
  const comesBack = (start: string, at: string, steps: number): boolean =>
    steps <= names.length && edges.some(({ from, to }) => from === at && (to === start || comesBack(start, to, steps + 1)));
  return names.some((name) => comesBack(name, name, 0));
}
