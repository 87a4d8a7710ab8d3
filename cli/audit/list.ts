import { z } from 'zod';
import { moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';
import { auditOf, serviceInput, serviceOption } from './inputs.ts';

export const listAudit = verb({
  name: 'list',
  summary: 'list who did what to which object and whether it was allowed, the newest first',
  options: [
    serviceOption,
    { flags: '--action <action>', description: 'employee.activate, or employee.* for all of a noun' },
    { flags: '--actor <id>', description: 'a person, an employee or a service' },
    { flags: '--object <id>', description: 'an employee, a run, a call ...' },
    { flags: '--refused', description: 'only what was refused' },
    { flags: '--since <instant>', description: 'not before 2026-11-24T00:00:00Z' },
    { flags: '--until <instant>', description: 'not after' },
    ...pageOptions,
  ],
  examples: [
    'clancy audit list',
    'clancy audit list --refused',
    "clancy audit list --action 'employee.*'",
    'clancy audit list --service connecthub',
  ],
  input: z.strictObject({
    ...pageInput,
    service: serviceInput.default('agent-core'),
    action: z.string().optional(),
    actor: z.string().optional(),
    object: z.string().optional(),
    refused: z.boolean().optional(),
    since: z.string().optional(),
    until: z.string().optional(),
  }),
  run: async ({ client, show }, { service, actor, object, refused, ...query }) => {
    const asked = { ...query, actor_id: actor, object_id: object, ...(refused === true && { allowed: 'false' }) };
    show(await auditOf(client, service).list(asked), ({ items, next_cursor }) =>
      items.length === 0
        ? 'No entries.'
        : page([
            table(
              ['AT', 'WHO', 'ACTION', 'OBJECT', 'ALLOWED', 'FROM'],
              items.map((row) => [
                formatInstant(row.at),
                `${row.actor_type} ${row.actor_id}`,
                row.action,
                row.object_id,
                row.allowed ? 'yes' : 'NO',
                row.source,
              ]),
            ),
            moreRows(next_cursor),
          ]),
    );
  },
});
