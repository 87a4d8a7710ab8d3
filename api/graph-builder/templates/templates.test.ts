import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { skillGraphSchema } from '../../../contracts/skill-graph.ts';
import { buildEmployee } from '../build-employee.ts';
import { checkEmployee } from '../checker/check-employee.ts';
import { expressionsOf } from '../checker/expressions.ts';
import { expressionsIn } from '../checker/walk.ts';
import { productCatalogue } from '../testing/product-catalogue.ts';
import { skillTemplates } from './index.ts';

const catalogue = productCatalogue();

describe.each(skillTemplates.map((template) => [template.id, template] as const))('template %s', (_, template) => {
  it('has graphs that the contract accepts and whose expressions compile', () => {
    for (const graph of template.graphs) {
      expect(skillGraphSchema.parse(graph)).toEqual(graph);
      const expressions = [...graph.nodes.flatMap(expressionsOf), ...expressionsIn(graph.output)];
      for (const text of expressions) expect(() => jsonata(text)).not.toThrow();
    }
  });

  it('is what its worked example becomes, with these slots and without a problem', () => {
    const built = buildEmployee({ jobDescription: template.example.text, catalogue });
    const node = built.definition.graph.nodes.find(({ provenance }) => provenance?.template === template.id);
    expect(node).toBeDefined();
    for (const [slot, value] of Object.entries(template.example.slots))
      expect(node?.input[slot]).toContain(JSON.stringify(value));
    expect(checkEmployee(built.definition, catalogue)).toEqual([]);
  });

  it('computes what its worked example says', async () => {
    for (const { graph: id, node: nodeId, scope, expect: wanted } of template.example.evaluate) {
      const node = template.graphs.find((graph) => graph.id === id)?.nodes.find((candidate) => candidate.id === nodeId);
      if (node?.kind !== 'transform') throw new Error(`${id} has no transform ${nodeId}`);
      const value: unknown = await jsonata(node.expression).evaluate(scope);
      expect(JSON.parse(JSON.stringify(value))).toEqual(wanted);
    }
  });

  it('is the best match of each of its ways of asking, or lacks only what earlier duties give', () => {
    for (const ask of template.asks) {
      const text = template.askedAfter === undefined ? `${ask}.` : `${template.askedAfter}. ${ask}.`;
      const built = buildEmployee({ jobDescription: `Helper\n\n${text[0]!.toUpperCase()}${text.slice(1)}`, catalogue });
      const ids = built.definition.graph.nodes.map(({ provenance }) => provenance?.template);
      expect(ids).toContain(template.id);
    }
  });
});
