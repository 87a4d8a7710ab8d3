/** What the worker's bundle offers to Temporal. The names are those of the workflow types. */
export { consolidateMemory } from './consolidate-memory.ts';
export { employeeRun } from './employee-run.ts';
export { scheduledRun } from './scheduled-run.ts';
export { skillRun } from './skill-run.ts';
