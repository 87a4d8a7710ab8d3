/** Graph creation: what the rest of Agent-Core uses of it. */
export { buildEmployee, type BuildEmployeeInput, type BuiltEmployee } from './build-employee.ts';
export { callBound } from './checker/calls.ts';
export { checkEmployee } from './checker/check-employee.ts';
export type { CheckCode, CheckProblem } from './checker/problem.ts';
export { contentHash } from './content-hash.ts';
export { toMermaid } from './drawing/mermaid.ts';
