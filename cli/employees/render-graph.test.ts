import { expect, it } from 'vitest';
import { graphAnswer } from '../client/answers/employees.ts';
import { definition } from '../testing/fixtures.ts';
import { renderGraph } from './render-graph.ts';

it('draws skills in the order in which they can run, each with its ways on', () => {
  expect(renderGraph(graphAnswer.parse(definition.graph))).toBe(
    [
      'read_support  Read #support  (message.read)',
      '  └─> post_digest when skills.read_support.output.count > 0',
      'post_digest  Post the digest  (message.write)',
    ].join('\n'),
  );
});

it('draws a way back as one, and every skill of a graph that goes in circles', () => {
  const node = (id: string) => ({ id });
  const back = {
    nodes: [node('b'), node('a')],
    edges: [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a', loop: true },
    ],
  };
  expect(renderGraph(graphAnswer.parse({ graph_id: 'g', ...back }))).toBe('a\n  └─> b\nb\n  └─> a (again)');
  const circle = {
    nodes: [node('a'), node('b')],
    edges: [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ],
  };
  expect(renderGraph(graphAnswer.parse({ graph_id: 'g', ...circle }))).toBe('a\n  └─> b\nb\n  └─> a');
});
