import { call } from './call.ts';
import type { TestPerson } from './people.ts';

export const JOB = 'Every weekday at 9:00 read #support and post a digest of the open questions in #team.';

/** An employee that has been put to work, by its owner. */
export async function hire(url: string, person: TestPerson): Promise<string> {
  const created = await call(url, person, '/v1/employees', { body: { job_description: JOB } });
  if (created.status !== 201) throw new Error(`not created: ${created.text}`);
  const id = String(created.json.employee_id);
  const activated = await call(url, person, `/v1/employees/${id}/activate`, { body: {} });
  if (activated.status !== 200) throw new Error(`not activated: ${activated.text}`);
  return id;
}
