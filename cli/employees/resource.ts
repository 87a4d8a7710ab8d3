import type { Resource } from '../resource.ts';
import { activateEmployee } from './activate.ts';
import { createEmployee } from './create.ts';
import { showGraph } from './graph.ts';
import { listEmployees } from './list.ts';
import { showPolicy } from './policy.ts';
import { retireEmployee } from './retire.ts';
import { reviseEmployee } from './revise.ts';
import { showEmployee } from './show.ts';
import { listVersions } from './versions.ts';

export const employeesResource: Resource = {
  name: 'employees',
  summary: 'hire AI employees and put them to work',
  verbs: [
    createEmployee,
    listEmployees,
    showEmployee,
    showGraph,
    showPolicy,
    reviseEmployee,
    activateEmployee,
    retireEmployee,
    listVersions,
  ],
};
