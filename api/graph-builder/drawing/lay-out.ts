import { Graph, layout } from '@dagrejs/dagre';

export interface Size {
  width: number;
  height: number;
}
export interface Point {
  x: number;
  y: number;
}
export interface Box extends Size {
  id: string;
}
/** A way between two boxes, with room for what stands on it. */
export interface Way extends Size {
  from: string;
  to: string;
}
export interface Layout extends Size {
  /** Middles of the boxes, by id. */
  middles: ReadonlyMap<string, Point>;
  /** Of each way, in the order in which they were given: its bends, and the middle of its label. */
  ways: readonly { points: readonly Point[]; label: Point }[];
}

const BETWEEN_NODES = 40;
const BETWEEN_RANKS = 46;
const BETWEEN_EDGES = 18;

/** From top to bottom, in layers. All numbers are pixels. */
export function layOut(boxes: readonly Box[], ways: readonly Way[]): Layout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: 'TB',
    nodesep: BETWEEN_NODES,
    ranksep: BETWEEN_RANKS,
    edgesep: BETWEEN_EDGES,
    marginx: 24,
    marginy: 24,
  });
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  const known = new Set(boxes.map(({ id }) => id));
  const drawn = ways.map((way, index) =>
    known.has(way.from) && known.has(way.to) ? { ...way, name: String(index) } : undefined,
  );
  for (const way of drawn) {
    if (way) graph.setEdge(way.from, way.to, { width: way.width, height: way.height, labelpos: 'c' }, way.name);
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: finite(width),
    height: finite(height),
    middles: new Map(boxes.map(({ id }) => [id, pointOf(graph.node(id))])),
    ways: drawn.map((way) => {
      if (!way) return { points: [], label: { x: 0, y: 0 } };
      const edge = graph.edge({ v: way.from, w: way.to, name: way.name });
      return { points: (edge.points ?? []).map(pointOf), label: pointOf(edge) };
    }),
  };
}

function pointOf({ x = 0, y = 0 }: { x?: number | undefined; y?: number | undefined }): Point {
  return { x: finite(x), y: finite(y) };
}

/** An empty drawing has no size. */
function finite(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 10) / 10 : 0;
}
