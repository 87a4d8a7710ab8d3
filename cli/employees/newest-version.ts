import type { ClancyClient } from '../client/clancy-client.ts';

/** An employee is made together with its version 1, so there is always a newest one. */
export async function newestVersion(client: ClancyClient, employeeId: string): Promise<number> {
  const { items } = await client.employees.versions(employeeId, { limit: 1 });
  return items[0]?.version ?? 1;
}
