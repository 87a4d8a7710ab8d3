import type { EmployeeBuilder } from '../employees/builder.ts';
import { buildEmployee } from './build-employee.ts';
import { assertChecked } from './checker/assert-checked.ts';
import { toMermaid } from './drawing/mermaid.ts';
import { createSvgDrawer } from './drawing/remembered-svg.ts';
import { buildWithModel, type BuildingModel } from './model/build-with-model.ts';

/** The builder of an installation: with a model where one is configured. */
export function createBuilder(model?: BuildingModel): EmployeeBuilder {
  return {
    build: async (input) => (model ? buildWithModel(input, model) : buildEmployee(input)),
    check: assertChecked,
    toMermaid,
    toSvg: createSvgDrawer(),
  };
}
