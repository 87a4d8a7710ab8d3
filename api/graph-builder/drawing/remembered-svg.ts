import { createHash } from 'node:crypto';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { RiskOf } from './marks.ts';
import { toSvg } from './svg.ts';

const MAX_REMEMBERED = 100;

/** Laying out fifty duties takes a process a tenth of a second and more, and a version never changes: each is drawn once. */
export function createSvgDrawer(draw = toSvg): typeof toSvg {
  const drawn = new Map<string, string>();
  return (definition: EmployeeDefinition, riskOf: RiskOf) => {
    const risks = definition.capabilities.map((capability) => riskOf(capability) ?? '-');
    const key = createHash('sha256')
      .update(JSON.stringify([definition, risks]))
      .digest('base64');
    const known = drawn.get(key);
    if (known !== undefined) return known;
    const svg = draw(definition, riskOf);
    drawn.set(key, svg);
    const oldest = drawn.keys().next();
    if (drawn.size > MAX_REMEMBERED && !oldest.done) drawn.delete(oldest.value);
    return svg;
  };
}
