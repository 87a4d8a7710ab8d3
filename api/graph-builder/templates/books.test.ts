import { describe, expect, it } from 'vitest';
import { reachableGraphs, capabilitiesOf } from '../graph-capabilities.ts';
import { findCapability } from '../catalogue.ts';
import { productCatalogue } from '../testing/product-catalogue.ts';
import { bookTemplates } from './books.ts';

const catalogue = productCatalogue();

describe.each(bookTemplates.map((template) => [template.id, template] as const))('the bookkeeping skill %s', (_, template) => {
  const graphs = Object.fromEntries(template.graphs.map((graph) => [graph.id, graph]));
  const [own] = template.graphs;

  it('has exactly the permissions that its graphs use', () => {
    const used = capabilitiesOf(own.id, graphs).map((name) => findCapability(catalogue, name)?.permission);
    expect(template.permissions.toSorted()).toEqual(
      [...new Set(used)].toSorted((one, other) => ((one ?? '') < (other ?? '') ? -1 : 1)),
    );
  });

  it('has no graph that nothing leads to, and no slot that its graph does not take', () => {
    const reached = reachableGraphs(own.id, graphs).map(({ id }) => id);
    expect(template.graphs.map(({ id }) => id).toSorted()).toEqual(reached.toSorted());
    for (const { name } of template.slots) expect(Object.keys(own.input)).toContain(name);
  });
});
