import { ClancyError } from '../../../contracts/errors.ts';
import type { SkillEdge, SkillGraph } from '../../../contracts/skill-graph.ts';

/** What has been decided of a skill graph so far. Plain JSON: it travels in the checkpoint. */
export interface RouteState {
  /** By position in `graph.edges`: was the way taken? Absent = not decided. */
  edges: { [position: string]: boolean };
  /** Absent = not reached. */
  nodes: { [node: string]: 'started' | 'skipped' };
  /** Node executions so far, bounded by `max_steps`. */
  steps: number;
}

/** A node that ran; `branch` is the value by which a `branch` node chooses its ways. */
export interface Finished {
  node: string;
  branch?: string;
}

export interface Routes {
  begin(): { state: RouteState; next: string[] };
  /** Decides the ways out of `finished` and says which nodes run next; none = the graph has ended. */
  advance(state: RouteState, finished: Finished[]): { state: RouteState; next: string[] };
}

/**
 * The rules by which a skill graph goes on (contracts/skill-graph.ts). A node runs when each of its ways in is decided and
 * one was taken; when none was, it is skipped and its ways out with it. A way back clears everything that lies after
 * its target, which then runs again.
 * @throws ClancyError `graph_invalid` for a way back that starts at no branch.
 */
export function createRoutes(graph: SkillGraph): Routes {
  const ways: Way[] = graph.edges.map((edge, position) => ({ ...edge, position: String(position) }));
  const kinds = new Map(graph.nodes.map((node) => [node.id, node.kind]));
  const back = waysBack(graph);
  const forward = ways.filter((way) => !back.has(way.position));
  for (const way of ways) {
    if (back.has(way.position) && kinds.get(way.from) !== 'branch') {
      throw new ClancyError('graph_invalid', `the way back from ${way.from} to ${way.to} must start at a branch`);
    }
  }

  function settle(state: RouteState, forced: Set<string>): { state: RouteState; next: string[] } {
    const next: string[] = [];
    let isChanged = true;
    while (isChanged) {
      isChanged = false;
      for (const { id } of graph.nodes) {
        if (Object.hasOwn(state.nodes, id)) continue;
        const incoming = forward.filter((way) => way.to === id);
        if (!incoming.every((way) => Object.hasOwn(state.edges, way.position))) continue;
        const isTaken = forced.has(id) || incoming.length === 0 || incoming.some((way) => state.edges[way.position]);
        state.nodes[id] = isTaken ? 'started' : 'skipped';
        if (isTaken) next.push(id);
        else for (const way of ways) if (way.from === id) state.edges[way.position] = false;
        isChanged = true;
      }
    }
    state.steps += next.length;
    if (state.steps > graph.max_steps) {
      throw new ClancyError('budget_exceeded', `the skill graph ${graph.id} took more than ${graph.max_steps} steps`);
    }
    return { state, next };
  }

  function clearFrom(state: RouteState, target: string): void {
    const region = reachable(target, forward);
    for (const node of region) delete state.nodes[node];
    for (const way of ways) if (region.has(way.from)) delete state.edges[way.position];
  }

  return {
    begin: () => settle({ edges: {}, nodes: {}, steps: 0 }, new Set()),
    advance(before, finished) {
      const state = structuredClone(before);
      const forced = new Set<string>();
      for (const { node, branch } of finished) {
        for (const [position, isTaken] of waysOut(node, branch, ways)) state.edges[position] = isTaken;
      }
      for (const way of ways) {
        if (!back.has(way.position) || state.edges[way.position] !== true) continue;
        if (!finished.some(({ node }) => node === way.from)) continue;
        clearFrom(state, way.to);
        forced.add(way.to);
      }
      return settle(state, forced);
    },
  };
}

type Way = SkillEdge & { position: string };

/** The edges of a branch exclude each other by `when`; `otherwise` is taken when none equals the value. */
function waysOut(node: string, branch: string | undefined, ways: Way[]): [string, boolean][] {
  const out = ways.filter((way) => way.from === node);
  const isMatched = out.some((way) => way.when === branch && way.when !== undefined);
  return out.map((way) => {
    if (branch === undefined || way.when === undefined) return [way.position, true];
    return [way.position, way.when === branch || (way.when === 'otherwise' && !isMatched)];
  });
}

/** Positions of the edges that close a cycle, found depth first from the nodes without a way in, in the order of the data. */
function waysBack(graph: SkillGraph): Set<string> {
  const back = new Set<string>();
  const done = new Set<string>();
  const onPath = new Set<string>();
  const visit = (node: string): void => {
    onPath.add(node);
    for (const [position, edge] of graph.edges.entries()) {
      if (edge.from !== node) continue;
      if (onPath.has(edge.to)) back.add(String(position));
      else if (!done.has(edge.to)) visit(edge.to);
    }
    onPath.delete(node);
    done.add(node);
  };
  const starts = graph.nodes.filter(({ id }) => !graph.edges.some((edge) => edge.to === id));
  if (starts.length === 0) throw new ClancyError('graph_invalid', `the skill graph ${graph.id} has no node to start with`);
  for (const { id } of starts) visit(id);
  return back;
}

function reachable(from: string, ways: Way[]): Set<string> {
  const found = new Set([from]);
  for (const node of found) for (const way of ways) if (way.from === node) found.add(way.to);
  return found;
}
