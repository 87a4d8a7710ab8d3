import type { SecretContext } from '../../platform/secrets/secret-box.ts';

/** Where the secret of an employee's app client stands. */
export function clientSecretPlace(orgId: string, employeeId: string): SecretContext {
  return { purpose: 'employee-client', orgId, object: employeeId, field: 'm2m_client_secret' };
}
