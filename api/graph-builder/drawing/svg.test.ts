import { describe, expect, it } from 'vitest';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import { buildEmployee } from '../build-employee.ts';
import { slackCatalogue } from '../testing/slack-catalogue.ts';
import { createSvgDrawer } from './remembered-svg.ts';
import { toSvg } from './svg.ts';

const { definition } = buildEmployee({
  jobDescription:
    'Post a digest of #a in #b. Then react with :eyes: to every message the digest covered. Always ask Katrin before reacting.',
  catalogue: slackCatalogue(),
});
const risks = new Map(
  slackCatalogue().providers.flatMap(({ provider, capabilities }) =>
    capabilities.map((one) => [`${provider}/${one.capability}`, one.risk]),
  ),
);
const riskOf = (capability: string) => risks.get(capability);
const HOSTILE = `x"]</text><script>alert(1)</script>\n<a href='javascript:x'>&#60;\u0000\u202e\ud800`;

/** The same graph with so many duties, in a chain with conditions, leaps and a way back. */
function large(count: number): EmployeeDefinition {
  const big = structuredClone(definition);
  const [node] = big.graph.nodes;
  big.graph.nodes = Array.from({ length: count }, (_, n) => ({
    ...node!,
    id: `n${n}`,
    title: `Duty number ${n} with a title of some length, as people write`,
  }));
  big.graph.edges = Array.from({ length: count - 1 }, (_, n) => ({
    from: `n${n}`,
    to: `n${n + 1}`,
    loop: false,
    ...(n % 3 === 0 && { when: `skills.n${n}.output.count > ${n}` }),
  }));
  big.graph.edges.push({ from: `n${count - 1}`, to: 'n0', loop: true });
  for (let n = 0; n + 7 < count; n += 5) big.graph.edges.push({ from: `n${n}`, to: `n${n + 7}`, loop: false });
  return big;
}

const rectsOf = (svg: string) =>
  [...svg.matchAll(/<rect class="d(?: w)?" x="([-\d.]+)" y="([-\d.]+)" width="(\d+)" height="(\d+)"/g)].map(([, ...numbers]) =>
    numbers.map(Number),
  );

describe('the picture of an employee', () => {
  it('shows duties with what they use, write and ask, and the conditions between them', () => {
    const svg = toSvg(definition, riskOf);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
    expect(svg).toContain('>slack/slack.react</text>');
    expect(svg).toContain('<tspan class="mw">writes</tspan>');
    expect(svg).toContain('<tspan class="ma">asks first</tspan>');
    expect(svg).toMatch(/<text class="q"[^>]*>[^<]*covered/);
    expect(svg.match(/marker-end/g)).toHaveLength(definition.graph.edges.length);
  });

  it('marks as asking what no rule allows, and not what one allows', () => {
    const silent = { ...definition, policy: [] };
    expect(toSvg(silent, riskOf).match(/asks first/g)).toHaveLength(definition.graph.nodes.length);
    const [first] = definition.policy;
    const { when: _when, ...always } = { ...first!, capability: 'slack/*', effect: 'allow' as const };
    expect(toSvg({ ...definition, policy: [always] }, riskOf)).not.toContain('asks first');
  });

  it('holds no script, link or markup of anybody, and is XML whatever titles and conditions say', () => {
    const hostile = structuredClone(definition);
    for (const node of hostile.graph.nodes) {
      node.title = HOSTILE;
      node.provenance = { ...node.provenance!, sentences: [HOSTILE] };
    }
    for (const edge of hostile.graph.edges) edge.when = HOSTILE;
    const svg = toSvg(hostile, riskOf);
    expect(svg).not.toMatch(/<script|<a[ >]|<foreignObject|<image|<use|javascript:x'|\son[a-z]+=|\u202e/);
    const tags = [...svg.matchAll(/<\/?([a-z]+)/gi)].map(([, name]) => name);
    expect(new Set(tags)).toEqual(new Set(['svg', 'title', 'style', 'defs', 'marker', 'path', 'rect', 'g', 'text', 'tspan']));
    expect(svg).not.toMatch(/&(?!#\d+;)/);
  });

  it('lays fifty duties out without one on another', () => {
    const svg = toSvg(large(50), riskOf);
    const rects = rectsOf(svg);
    expect(rects).toHaveLength(50);
    const [, width = '0', height = '0'] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    for (const [index, [x = 0, y = 0, w = 0, h = 0]] of rects.entries()) {
      expect(x >= 0 && y >= 0 && x + w <= Number(width) && y + h <= Number(height)).toBe(true);
      for (const [ox = 0, oy = 0, ow = 0, oh = 0] of rects.slice(index + 1)) {
        expect(x + w <= ox || ox + ow <= x || y + h <= oy || oy + oh <= y).toBe(true);
      }
    }
  });

  it('is drawn once for a version, and anew where anything of it differs', () => {
    let count = 0;
    const draw = createSvgDrawer((...work) => `${(count += 1)}${toSvg(...work)}`);
    expect(draw(definition, riskOf)).toBe(draw(structuredClone(definition), riskOf));
    draw(large(2), riskOf);
    draw(definition, () => 'read');
    expect(count).toBe(3);
  });

  it('draws one duty, and one that leads to itself', () => {
    const one = large(2);
    one.graph.nodes = one.graph.nodes.slice(0, 1);
    one.graph.edges = [{ from: 'n0', to: 'n0', loop: true }];
    expect(rectsOf(toSvg(one, riskOf))).toHaveLength(1);
    expect(toSvg(one, riskOf)).toContain('>again</text>');
  });
});
