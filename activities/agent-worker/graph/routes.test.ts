import { describe, expect, test } from 'vitest';
import { ClancyError } from '../../../contracts/errors.ts';
import { skillGraph } from '../../../test/engine/plans.ts';
import { createRoutes } from './routes.ts';

/** Nodes in capitals are branches; `a>b`, or `B>c=value` for a way that a branch chooses. */
function graphOf(nodes: string, edges: string[], max_steps = 100) {
  return skillGraph(
    'routes',
    [...nodes].map((name) => ({ id: name.toLowerCase(), kind: /[A-Z]/.test(name) ? 'branch' : 'transform', expression: '1' })),
    {
      max_steps,
      edges: edges.map((text) => {
        const [ends, when] = text.split('=');
        const [from, to] = ends!.toLowerCase().split('>');
        return { from, to, ...(when && { when }) };
      }),
    },
  );
}

/** The nodes of each superstep; `values` gives what a branch says at its n-th visit. */
function runAll(graph: ReturnType<typeof graphOf>, values: (node: string, visit: number) => string = () => 'x'): string[] {
  const routes = createRoutes(graph);
  const visits = new Map<string, number>();
  const steps: string[] = [];
  for (let { state, next } = routes.begin(); next.length > 0;) {
    steps.push(next.join(''));
    const finished = next.map((node) => {
      visits.set(node, (visits.get(node) ?? 0) + 1);
      const isBranch = graph.nodes.find(({ id }) => id === node)?.kind === 'branch';
      return isBranch ? { node, branch: values(node, visits.get(node)!) } : { node };
    });
    ({ state, next } = routes.advance(structuredClone(state), finished));
  }
  return steps;
}

describe('routes of a skill graph', () => {
  test('run parallel branches side by side and join them', () => {
    expect(runAll(graphOf('abcd', ['a>b', 'a>c', 'b>d', 'c>d']))).toEqual(['a', 'bc', 'd']);
  });

  test('wait at a join for the longer way', () => {
    expect(runAll(graphOf('abcd', ['a>b', 'b>c', 'a>d', 'c>d']))).toEqual(['a', 'b', 'c', 'd']);
  });

  test('take the ways whose value a branch gives, and otherwise the one for the rest', () => {
    const graph = graphOf('Abcd', ['A>b=x', 'A>c=otherwise', 'b>d', 'c>d']);
    expect(runAll(graph, () => 'x')).toEqual(['a', 'b', 'd']);
    expect(runAll(graph, () => 'y')).toEqual(['a', 'c', 'd']);
  });

  test('end where a branch leads nowhere', () => {
    expect(runAll(graphOf('Ab', ['A>b=x']), () => 'y')).toEqual(['a']);
  });

  test('go round a loop and leave it, what comes after it running once', () => {
    const graph = graphOf('abCd', ['a>b', 'b>c', 'C>a=again', 'C>d=done']);
    const withStart = {
      ...graph,
      nodes: [...graph.nodes, ...skillGraph('s', [{ id: 's', kind: 'transform', expression: '1' }]).nodes],
    };
    withStart.edges = [...graph.edges, { from: 's', to: 'a' }];
    expect(runAll(withStart, (_node, visit) => (visit < 3 ? 'again' : 'done'))).toEqual([
      's',
      'a',
      'b',
      'c',
      'a',
      'b',
      'c',
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  test('stop at max_steps', () => {
    const graph = graphOf('saB', ['s>a', 'a>b', 'B>a=x'], 10);
    expect(() => runAll(graph)).toThrow(ClancyError);
  });

  test('refuse a way back that starts at no branch', () => {
    expect(() => createRoutes(graphOf('sab', ['s>a', 'a>b', 'b>a']))).toThrow('must start at a branch');
  });
});
