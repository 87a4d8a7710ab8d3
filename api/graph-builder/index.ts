/** Graph creation: what the rest of Agent-Core uses of it. */
export { assertChecked } from './checker/assert-checked.ts';
export { buildEmployee } from './build-employee.ts';
export { toMermaid } from './drawing/mermaid.ts';
export { isRouter } from './compose/router.ts';
