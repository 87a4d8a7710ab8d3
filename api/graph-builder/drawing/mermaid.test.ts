import { describe, expect, it } from 'vitest';
import { buildEmployee } from '../build-employee.ts';
import { slackCatalogue } from '../testing/slack-catalogue.ts';
import { toMermaid } from './mermaid.ts';

const { definition } = buildEmployee({
  jobDescription: 'Post a digest of #a in #b. Then react with :eyes: to every message the digest covered.',
  catalogue: slackCatalogue(),
});

describe('the drawing of an employee', () => {
  it('shows skills as boxes with their micro-agents, and the ways between them', () => {
    const drawing = toMermaid(definition);
    expect(drawing).toContain('subgraph s_channel_digest["Write the digest for #35;b"]');
    expect(drawing).toContain('s_channel_digest__compose --> s_channel_digest__post');
    expect(drawing).toMatch(/s_channel_digest -->\|".*covered.*"\| s_mark_covered/);
    expect(drawing.match(/subgraph/g)).toHaveLength(drawing.match(/^\s*end$/gm)?.length ?? 0);
  });

  it('lets no title end its label, break its line or become markup', () => {
    const hostile = structuredClone(definition);
    hostile.graph.nodes[0]!.title = 'x"]\nend\nclick s_a "javascript:alert(1)" <img src=x> #quot;';
    const [, line] = toMermaid(hostile).split('\n');
    expect(line).toMatch(/^ {2}subgraph s_channel_digest\["[^"<>]*(?:<br\/>[^"<>]*)*"\]$/);
  });

  it('draws a missing graph as a plain box', () => {
    expect(toMermaid({ ...definition, skill_graphs: {} })).toContain('s_mark_covered["');
  });
});
