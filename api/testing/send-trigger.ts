import { randomUUID } from 'node:crypto';
import type { TestCore } from './agent-core.ts';
import { call, type Called } from './call.ts';
import type { TestPerson } from './people.ts';

/** An employee with this job, at work for this person; gives its id and the answer to its activation. */
export async function hireFor(url: string, person: TestPerson, job: string, name: string): Promise<Called['json']> {
  const created = await call(url, person, '/v1/employees', { body: { job_description: job, name } });
  if (created.status !== 201) throw new Error(`not created: ${created.text}`);
  const activated = await call(url, person, `/v1/employees/${created.json.employee_id}/activate`, { body: {} });
  if (activated.status !== 200) throw new Error(`not activated: ${activated.text}`);
  return activated.json;
}

/** A message in a channel as ConnectHub forwards it. */
export function slackMessage(orgId: string, channel: string, text: string, more: object = {}) {
  return {
    trigger_id: randomUUID(),
    org_id: orgId,
    source: 'webhook',
    provider: 'slack',
    connection_id: 'conn_slack',
    type: 'slack.message',
    external_id: `Ev${randomUUID()}`,
    occurred_at: new Date().toISOString(),
    payload: { channel: `C0${channel.toUpperCase()}`, channel_name: channel, user: 'U0ANN', ts: '1732353600.000100', text },
    text,
    ...more,
  };
}

export const sendTo = (core: Pick<TestCore, 'copy'>) => (who: { token: string } | undefined, body: unknown, key?: string) =>
  call(core.copy.url, who, '/v1/triggers', { body, ...(key !== undefined && { key }) });
