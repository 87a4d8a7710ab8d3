import { z } from 'zod';
import { activateEmployee } from '../../api/employees/activate.ts';
import { createEmployee } from '../../api/employees/create.ts';
import { createBuilder } from '../../api/graph-builder/index.ts';
import type { Catalogue } from '../../contracts/capability.ts';
import type { CoreDatabase, OrgScope } from '../../db/client.ts';

const madeSchema = z.looseObject({ employee_id: z.string() });

/** Builds an employee of its description and puts it to work, as Agent-Core does; returns its id. */
export async function hire(
  { db, catalogue }: { db: CoreDatabase; catalogue: Catalogue },
  scope: OrgScope,
  { name, text }: { name: string; text: string },
): Promise<string> {
  const connecthub = {
    catalogue: async () => catalogue,
    launchUrl: (provider: string) => provider,
  };
  const request = { bearer: '', key: `${scope.orgId}/${name}`, body: { job_description: text, name } };
  const made = await createEmployee({ db, connecthub, builder: createBuilder(), ui: { namespace: 'eval' } }, scope, request);
  const { employee_id: employeeId } = madeSchema.parse(made.body);
  const activation = { employeeId, bearer: '', ifMatch: undefined, body: { schedules: 'off' as const } };
  await activateEmployee({ db, connecthub, wakeRelay: () => {} }, scope, activation);
  return employeeId;
}
