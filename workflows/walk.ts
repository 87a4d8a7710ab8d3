import type { EmployeeEdge, EmployeeGraph } from '../contracts/employee-graph.ts';

export type NodeStatus = 'pending' | 'running' | 'done' | 'skipped';
export interface EdgeRef {
  /** Position in `graph.edges`, as text: two nodes may be joined by several ways. */
  id: string;
  edge: EmployeeEdge;
}

/**
 * The walk through an employee graph: rules only, no I/O (contracts/employee-graph.ts). A node runs when each of its ways
 * in is decided and one was taken; when none was, it is skipped and its ways out with it. A `loop` edge that is taken
 * makes its target, and all that lies after it, open again, once nothing of that runs any more.
 */
export interface Walk {
  /** Nodes that may start now. A node stays ready until it is started. */
  ready(): string[];
  /** Marks a node as running; gives the number of this visit, from 1. */
  start(node: string): number;
  /** The ways out of a node that ended: those with a condition are to be decided by the caller. */
  waysOut(node: string): EdgeRef[];
  /** Ends a visit. `taken` holds the decision per edge with a condition or out of a supervisor; others are always taken. */
  finish(node: string, taken: { [edge: string]: boolean }): void;
  isOver(): boolean;
  status(node: string): NodeStatus;
}

export function createWalk(graph: EmployeeGraph): Walk {
  const ways: EdgeRef[] = graph.edges.map((edge, position) => ({ id: String(position), edge }));
  const forward = ways.filter(({ edge }) => !edge.loop);
  const limits = new Map(graph.nodes.map((node) => [node.id, node.max_visits]));
  const supervisors = new Set(graph.nodes.filter(({ type }) => type === 'supervisor').map(({ id }) => id));
  const order = graph.nodes.map((node) => node.id);
  const status = new Map<string, NodeStatus>(order.map((id) => [id, 'pending']));
  const visits = new Map<string, number>();
  const decided = new Map<string, boolean>();
  /** Targets of taken loop edges that wait until their region is at rest. */
  const loops = new Set<string>();
  const forced = new Set<string>();

  function regionOf(target: string): Set<string> {
    const region = new Set([target]);
    for (const node of region) for (const { edge } of forward) if (edge.from === node) region.add(edge.to);
    return region;
  }

  /** Opens the regions of taken loops that are at rest. */
  function applyLoops(): void {
    for (const target of loops) {
      const region = regionOf(target);
      if ([...region].some((node) => status.get(node) === 'running')) continue;
      loops.delete(target);
      forced.add(target);
      for (const node of region) status.set(node, 'pending');
      for (const { id, edge } of ways) if (region.has(edge.from)) decided.delete(id);
    }
  }

  function isHeld(node: string): boolean {
    return [...loops].some((target) => regionOf(target).has(node));
  }

  function isReady(node: string): boolean {
    if (status.get(node) !== 'pending' || isHeld(node)) return false;
    const incoming = forward.filter(({ edge }) => edge.to === node);
    if (forced.has(node)) return true;
    return incoming.every(({ id }) => decided.has(id)) && (incoming.length === 0 || incoming.some(({ id }) => decided.get(id)));
  }

  function isDead(node: string): boolean {
    const incoming = forward.filter(({ edge }) => edge.to === node);
    if (status.get(node) !== 'pending' || forced.has(node) || incoming.length === 0) return false;
    return incoming.every(({ id }) => decided.get(id) === false);
  }

  function settle(): void {
    applyLoops();
    for (let dead = order.find(isDead); dead !== undefined; dead = order.find(isDead)) {
      status.set(dead, 'skipped');
      for (const { id, edge } of ways) if (edge.from === dead) decided.set(id, false);
    }
  }

  function mayLoop({ edge }: EdgeRef): boolean {
    return (visits.get(edge.to) ?? 0) < (limits.get(edge.to) ?? 1);
  }

  return {
    ready: () => order.filter(isReady),
    start(node) {
      if (!isReady(node)) throw new RangeError(`${node} is not ready`);
      forced.delete(node);
      status.set(node, 'running');
      const visit = (visits.get(node) ?? 0) + 1;
      visits.set(node, visit);
      return visit;
    },
    waysOut: (node) => ways.filter((way) => way.edge.from === node && (!way.edge.loop || mayLoop(way))),
    finish(node, taken) {
      if (status.get(node) !== 'running') throw new RangeError(`${node} does not run`);
      status.set(node, 'done');
      for (const way of ways.filter(({ edge }) => edge.from === node)) {
        const isAlways = way.edge.when === undefined && !supervisors.has(node);
        const isTaken = isAlways || taken[way.id] === true;
        if (!way.edge.loop) decided.set(way.id, isTaken);
        else if (isTaken && mayLoop(way)) loops.add(way.edge.to);
      }
      settle();
    },
    isOver: () => order.every((node) => status.get(node) === 'done' || status.get(node) === 'skipped') && loops.size === 0,
    status: (node) => status.get(node) ?? 'pending',
  };
}
