import { z } from 'zod';
import { idInput, pairsInput, versionInput } from '../inputs.ts';
import type { AdoptedScheduleAnswer, SubscriptionAnswer } from '../client/answers/employees.ts';
import { oneLine } from '../output/plain-text.ts';
import { page, section } from '../output/table.ts';
import { verb } from '../verb.ts';
import { renderHead } from './render-employee.ts';
import { renderGrants } from '../grants/render-grants.ts';

export const activateEmployee = verb({
  name: 'activate',
  summary: 'put a version of an employee to work, granting it what its skills use (an older version is a rollback)',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--version <n>', description: 'another version than the newest' },
    {
      flags: '--connection <provider=id>',
      description: 'which connection to use where a provider has several',
      isRepeatable: true,
    },
    { flags: '--timezone <zone>', description: 'for times of the job description that come without a zone (UTC unless said)' },
    { flags: '--no-schedules', description: 'do not turn on the times that the job description states' },
    { flags: '--no-subscriptions', description: 'do not let the events that the job description states start it' },
  ],
  examples: [
    'clancy employees show 4f3k9wz0h1c7m2v8x5tq6n0rda   (read policy and capabilities first)',
    'clancy employees activate 4f3k9wz0h1c7m2v8x5tq6n0rda',
    'clancy employees activate 4f3k9wz0h1c7m2v8x5tq6n0rda --connection slack=conn_7xk2m9',
  ],
  input: z.strictObject({
    employee: idInput,
    version: versionInput.optional(),
    connection: pairsInput.optional(),
    timezone: z.string().optional(),
    schedules: z.boolean().default(true),
    subscriptions: z.boolean().default(true),
  }),
  run: async ({ client, show }, { employee, version, connection, timezone, schedules, subscriptions }) => {
    const off = { ...(!schedules && { schedules: 'off' as const }), ...(!subscriptions && { subscriptions: 'off' as const }) };
    const activation = { version, connections: connection, timezone, ...off };
    const activated = await client.employees.activate(employee, activation);
    const { items: grants } = await client.grants.list(employee);
    show({ ...activated, grants }, (answer) =>
      page([
        renderHead(answer),
        ...section('Granted', renderGrants(answer.grants)),
        ...section('Runs by itself', answer.schedules.map(renderAdopted).join('\n')),
        ...section('Answers events', answer.subscriptions.map(renderSubscription).join('\n')),
        `Next: clancy runs start ${answer.employee_id} --watch`,
      ]),
    );
  },
});

function renderAdopted({ cron, timezone, timezone_from, sentence, status, schedule_id }: AdoptedScheduleAnswer): string {
  const zone = timezone_from === 'default' ? `${timezone} (no time zone was given: say another with --timezone)` : timezone;
  const state = status === 'active' ? '' : ` (${status})`;
  return oneLine(`${cron} ${zone}${state}  "${sentence}"  ${schedule_id}`);
}

function renderSubscription({ type, filter, status, sentence }: SubscriptionAnswer): string {
  const where = Object.entries(filter).map(([field, value]) => ` with ${field} ${value}`);
  const state = status === 'active' ? '' : ` (${status})`;
  return oneLine(`${type}${where.join('')}${state}  "${sentence}"`);
}
