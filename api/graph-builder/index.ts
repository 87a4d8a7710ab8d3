/** Graph creation: what the rest of Agent-Core uses of it. */
export { buildEmployee } from './build-employee.ts';
export { createBuilder } from './builder.ts';
export { createBuildingModel } from './model/building-model.ts';
export { isRouter } from './compose/router.ts';
export { missingConnections } from './compose/explanation.ts';
