import type { Resource } from '../resource.ts';
import { activateEmployee } from './activate.ts';
import { cloneEmployee } from './clone.ts';
import { createEmployee } from './create.ts';
import { diffVersions } from './diff.ts';
import { exportEmployee } from './export.ts';
import { showGraph } from './graph.ts';
import { importEmployee } from './import.ts';
import { listEmployees } from './list.ts';
import { showPolicy } from './policy.ts';
import { rehearseEmployee } from './rehearse.ts';
import { retireEmployee } from './retire.ts';
import { reviseEmployee } from './revise.ts';
import { showEmployee } from './show.ts';
import { updateEmployee } from './update.ts';
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
    diffVersions,
    rehearseEmployee,
    activateEmployee,
    retireEmployee,
    listVersions,
    updateEmployee,
    cloneEmployee,
    exportEmployee,
    importEmployee,
  ],
};
