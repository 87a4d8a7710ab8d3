import type { GrantAnswer } from '../client/answers/employees.ts';
import { table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';

export function renderGrants(grants: readonly GrantAnswer[]): string {
  if (grants.length === 0) return '';
  return table(
    ['CAPABILITY', 'CONNECTION', 'GRANTED', 'BY', 'TAKEN AWAY', 'BY'],
    grants.map((grant) => [
      grant.capability,
      grant.connection_id,
      formatInstant(grant.granted_at),
      grant.granted_by,
      formatInstant(grant.revoked_at),
      grant.revoked_by ?? '-',
    ]),
  );
}
