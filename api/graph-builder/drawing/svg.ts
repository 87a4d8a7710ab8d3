import type { EmployeeDefinition, EmployeeEdge, SkillNode } from '../../../contracts/employee-graph.ts';
import { layOut, type Point } from './lay-out.ts';
import { marksOf, type Marks, type RiskOf } from './marks.ts';
import { escape, wrap } from './svg-text.ts';

/** Pixels; the width of a sign is that of the widest of the fonts named below, so that no text leaves its box. */
const LINE = 17;
const SMALL_LINE = 14;
const SIGN = 7.6;
const SMALL_SIGN = 6.8;
const PADDING = 12;
const TITLE_SIGNS = 28;
const SMALL_SIGNS = 34;
const CONDITION_SIGNS = 30;
const MAX_CAPABILITIES = 5;

const STYLE = `.d{fill:#fff;stroke:#57606a;stroke-width:1.2}.w{stroke:#b35900;stroke-width:2}.t{font:600 13px Helvetica,Arial,sans-serif;fill:#1f2328}
.c{font:11px Menlo,Consolas,monospace;fill:#57606a}.m{font:600 11px Helvetica,Arial,sans-serif}.mw{fill:#b35900}.ma{fill:#0550ae}
.e{fill:none;stroke:#57606a;stroke-width:1.4}.l{stroke-dasharray:5 4}.b{fill:#f6f8fa;stroke:#d0d7de}.q{font:11px Menlo,Consolas,monospace;fill:#1f2328}`;

/**
 * The employee as an SVG picture (https://www.w3.org/TR/SVG2/): its duties with what they use and whether they write or ask,
 * and the ways between them with their conditions. It holds text and shapes only: no script, no link, nothing from elsewhere.
 */
export function toSvg(definition: EmployeeDefinition, riskOf: RiskOf): string {
  const { nodes, edges } = definition.graph;
  const duties = nodes.map((node) => toDuty(node, marksOf(definition, node, riskOf)));
  const labels = edges.map(labelOf);
  const { width, height, middles, ways } = layOut(
    duties,
    edges.map(({ from, to }, index) => ({ from, to, ...sizeOfLabel(labels[index] ?? []) })),
  );
  const drawn = [
    ...edges.map(({ loop }, index) => drawWay(ways[index]?.points ?? [], loop)),
    ...duties.map((duty) => drawDuty(duty, middles.get(duty.id) ?? { x: 0, y: 0 })),
    ...labels.map((lines, index) => drawLabel(lines, ways[index]?.label ?? { x: 0, y: 0 })),
  ];
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img">`,
    `<title>${escape(`The duties of ${definition.graph.graph_id}`)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">',
    '<path d="M0 0 10 5 0 10z" fill="#57606a"/></marker></defs>',
    `<rect width="${w}" height="${h}" fill="#fff"/>`,
    ...drawn.filter((part) => part !== ''),
    '</svg>\n',
  ].join('\n');
}

interface Duty {
  id: string;
  width: number;
  height: number;
  title: string[];
  capabilities: string[];
  marks: Marks;
  /** All of it, for whoever points at it. */
  tip: string;
}

function toDuty({ id, title, provenance }: SkillNode, marks: Marks): Duty {
  const lines = wrap(title, TITLE_SIGNS, 3);
  const more = marks.capabilities.length - MAX_CAPABILITIES;
  const names = marks.capabilities.slice(0, MAX_CAPABILITIES).flatMap((name) => wrap(name, SMALL_SIGNS, 1));
  const capabilities = more > 0 ? [...names, `and ${more} more`] : names;
  const widest = Math.max(
    ...lines.map((line) => line.length * SIGN),
    ...capabilities.map((line) => line.length * SMALL_SIGN),
    marksText(marks).join('  ').length * SIGN,
    80,
  );
  const markLines = marks.writes || marks.asks ? 1 : 0;
  return {
    id,
    title: lines,
    capabilities,
    marks,
    tip: [title, ...(provenance?.sentences ?? []).map((sentence) => `"${sentence}"`)].join(' '),
    width: Math.ceil(widest + 2 * PADDING),
    height: lines.length * LINE + (capabilities.length + markLines) * SMALL_LINE + 2 * PADDING,
  };
}

function marksText({ writes, asks }: Marks): string[] {
  return [...(writes ? ['writes'] : []), ...(asks ? ['asks first'] : [])];
}

function drawDuty({ title, capabilities, marks, tip, width, height }: Duty, middle: Point): string {
  const left = middle.x - width / 2;
  let y = middle.y - height / 2 + PADDING;
  const text = (line: string, kind: string, step: number): string => {
    y += step;
    return `<text class="${kind}" x="${round(left + PADDING)}" y="${round(y - 4)}">${escape(line)}</text>`;
  };
  const parts = [
    `<g><title>${escape(tip)}</title>`,
    `<rect class="${marks.writes ? 'd w' : 'd'}" x="${round(left)}" y="${round(middle.y - height / 2)}" width="${width}" height="${height}" rx="8"/>`,
    ...title.map((line) => text(line, 't', LINE)),
    ...capabilities.map((line) => text(line, 'c', SMALL_LINE)),
  ];
  const spans = [
    ...(marks.writes ? ['<tspan class="mw">writes</tspan>'] : []),
    ...(marks.asks ? ['<tspan class="ma">asks first</tspan>'] : []),
  ];
  if (spans.length > 0) {
    y += SMALL_LINE;
    parts.push(`<text class="m" x="${round(left + PADDING)}" y="${round(y - 4)}">${spans.join(' · ')}</text>`);
  }
  return `${parts.join('')}</g>`;
}

/** What stands on a way: its condition, and that it leads back. */
function labelOf({ when, loop }: EmployeeEdge): string[] {
  return [...(loop ? ['again'] : []), ...(when === undefined ? [] : wrap(when, CONDITION_SIGNS, 3))];
}

function sizeOfLabel(lines: readonly string[]): { width: number; height: number } {
  if (lines.length === 0) return { width: 0, height: 0 };
  const widest = Math.max(...lines.map((line) => line.length));
  return { width: Math.ceil(widest * SMALL_SIGN + 10), height: lines.length * SMALL_LINE + 6 };
}

function drawWay(points: readonly Point[], isBack: boolean): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const path = `M${round(first.x)} ${round(first.y)}${rest.map(({ x, y }) => `L${round(x)} ${round(y)}`).join('')}`;
  return `<path class="${isBack ? 'e l' : 'e'}" d="${path}" marker-end="url(#a)"/>`;
}

function drawLabel(lines: readonly string[], middle: Point): string {
  if (lines.length === 0) return '';
  const { width, height } = sizeOfLabel(lines);
  const [left, top] = [middle.x - width / 2, middle.y - height / 2];
  const texts = lines.map(
    (line, index) =>
      `<text class="q" x="${round(left + 5)}" y="${round(top + 3 + (index + 1) * SMALL_LINE - 4)}">${escape(line)}</text>`,
  );
  const box = `<rect class="b" x="${round(left)}" y="${round(top)}" width="${width}" height="${height}" rx="4"/>`;
  return `<g>${box}${texts.join('')}</g>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
