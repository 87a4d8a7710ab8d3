import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { CoreDatabase } from '../../../db/client.ts';
import { employees } from '../../../db/schema/core/employees.ts';
import type { CognitoClientRegistry } from '../../../platform/auth/cognito-client-registry.ts';
import type { SecretBox } from '../../../platform/secrets/secret-box.ts';
import { findEmployee } from '../../employees/find.ts';
import { clientSecretPlace } from '../../identity/client-secret.ts';
import type { OutboxHandler } from '../relay.ts';

const payloadSchema = z.strictObject({ employee_id: z.string() });

/** Makes the employee's app client at Cognito and keeps its id and its sealed secret. */
export function createEmployeeClientHandler(deps: {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  registry: Pick<CognitoClientRegistry, 'createEmployeeClient'>;
  secrets: Pick<SecretBox, 'seal'>;
}): OutboxHandler {
  return async (row) => {
    const { employee_id: employeeId } = payloadSchema.parse(row.payload);
    const employee = await deps.db.withOrgRead(row, (tx) => findEmployee(tx, employeeId));
    if (employee.m2mClientId !== null) return async () => undefined;
    const { clientId, clientSecret } = await deps.registry.createEmployeeClient({ employeeId, orgId: row.orgId });
    const sealed = await deps.secrets.seal(clientSecretPlace(row.orgId, employeeId), clientSecret);
    return async (tx) => {
      await tx.db
        .update(employees)
        .set({ m2mClientId: clientId, m2mClientSecret: sealed })
        .where(and(eq(employees.orgId, tx.orgId), eq(employees.employeeId, employeeId), isNull(employees.m2mClientId)));
      tx.audit({
        action: 'employee.create_client',
        objectType: 'employee',
        objectId: employeeId,
        allowed: true,
        details: { client_id: clientId },
      });
    };
  };
}
