import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EmployeeGraph } from '../contracts/employee-graph.ts';
import { createWalk } from './walk.ts';
import type { Walk } from './walk.ts';

type EdgeText = string;

/** `a>b` always, `a?b` with a condition, `a<b` a way back (with a condition). */
function graphOf(nodes: string, edges: EdgeText[], maxVisits = 3): EmployeeGraph {
  return {
    graph_id: 'g',
    type: 'employee',
    nodes: [...nodes].map((id) => ({
      id,
      type: 'skill' as const,
      skill_graph: 'sg_x_v1',
      title: id,
      permissions: [],
      input: {},
      isolation: 'child' as const,
      max_visits: maxVisits,
    })),
    edges: edges.map((text) => ({
      from: text[0]!,
      to: text[2]!,
      ...(text[1] !== '>' && { when: 'condition' }),
      loop: text[1] === '<',
    })),
  };
}

/** Runs whatever is ready, one after the other; `taken` names the conditional edges that hold, by `from to`. */
function runAll(graph: EmployeeGraph, taken: (from: string, to: string, visit: number) => boolean): string[] {
  const walk = createWalk(graph);
  const visited: string[] = [];
  for (let [node] = walk.ready(); node !== undefined; [node] = walk.ready()) {
    const from = node;
    const visit = walk.start(from);
    visited.push(visit === 1 ? from : `${from}${visit}`);
    walk.finish(
      from,
      decisions(walk, from, (to) => taken(from, to, visit)),
    );
  }
  expect(walk.isOver()).toBe(true);
  return visited;
}

function decisions(walk: Walk, node: string, isTaken: (to: string) => boolean): { [edge: string]: boolean } {
  return Object.fromEntries(walk.waysOut(node).map(({ id, edge }) => [id, isTaken(edge.to)]));
}

const always = (): boolean => true;
const never = (): boolean => false;

describe('a walk', () => {
  test('starts every node without a way in at once', () => {
    expect(createWalk(graphOf('abc', ['a>c'])).ready()).toEqual(['a', 'b']);
  });

  test('waits for all ways into a node', () => {
    const walk = createWalk(graphOf('abc', ['a>c', 'b>c']));
    walk.start('a');
    walk.start('b');
    walk.finish('a', {});
    expect(walk.ready()).toEqual([]);
    walk.finish('b', {});
    expect(walk.ready()).toEqual(['c']);
  });

  test('skips a node none of whose ways in was taken, and what lies after it', () => {
    expect(runAll(graphOf('abcd', ['a?b', 'b>c', 'a>d']), never)).toEqual(['a', 'd']);
  });

  test('runs a join of which one way was skipped', () => {
    expect(runAll(graphOf('abcd', ['a?b', 'a>c', 'b>d', 'c>d']), never)).toEqual(['a', 'c', 'd']);
  });

  test('visits the nodes of a loop again, those after it only once the loop is left', () => {
    const graph = graphOf('abc', ['a>b', 'b<a', 'b>c']);
    expect(runAll(graph, (from, to, visit) => from === 'b' && to === 'a' && visit < 2)).toEqual(['a', 'b', 'a2', 'b2', 'c']);
  });

  test('leaves a loop when its target has had all its visits', () => {
    expect(runAll(graphOf('ab', ['a>b', 'b<a'], 3), always)).toEqual(['a', 'b', 'a2', 'b2', 'a3', 'b3']);
  });

  test('lets what runs beside a loop finish before the loop begins anew', () => {
    const walk = createWalk(graphOf('abcd', ['a>b', 'a>c', 'b<a', 'c>d']));
    walk.start('a');
    walk.finish('a', {});
    walk.start('b');
    walk.start('c');
    walk.finish('b', decisions(walk, 'b', always));
    expect(walk.ready()).toEqual([]);
    expect(walk.isOver()).toBe(false);
    walk.finish('c', {});
    expect(walk.ready()).toEqual(['a']);
    expect(walk.start('a')).toBe(2);
  });

  test('refuses to start what is not ready and to finish what does not run', () => {
    const walk = createWalk(graphOf('ab', ['a>b']));
    expect(() => walk.start('b')).toThrow(RangeError);
    expect(() => walk.finish('a', {})).toThrow(RangeError);
  });

  test('ends for any graph and any decisions, in any order, each node visited at most as often as it may be', () => {
    const names = 'abcdef';
    const edge = fc.tuple(fc.nat(5), fc.nat(5), fc.boolean()).map(([x, y, conditional]) => {
      const [from, to] = [names[x]!, names[y]!];
      return from < to ? `${from}${conditional ? '?' : '>'}${to}` : `${from}<${to}`;
    });
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), fc.infiniteStream(fc.nat(1000)), (edges, chance) => {
        const walk = createWalk(graphOf(names, edges, 2));
        const visits = new Map<string, number>();
        const running = new Set<string>();
        const draw = (): number => chance.next().value ?? 0;
        for (let steps = 0; ; steps += 1) {
          expect(steps).toBeLessThan(500);
          const ready = walk.ready();
          const moves = [
            ...ready.map((node) => ['start', node] as const),
            ...[...running].map((node) => ['finish', node] as const),
          ];
          if (moves.length === 0) break;
          const [move, node] = moves[draw() % moves.length]!;
          if (move === 'start') {
            visits.set(node, walk.start(node));
            running.add(node);
          } else {
            running.delete(node);
            walk.finish(
              node,
              decisions(walk, node, () => draw() % 2 === 0),
            );
          }
        }
        expect(walk.isOver()).toBe(true);
        // A loop's target has two visits; a node inside two loops at most one for each of them and its own.
        for (const count of visits.values()) expect(count).toBeLessThanOrEqual(1 + names.length);
      }),
      { numRuns: 500 },
    );
  });
});
