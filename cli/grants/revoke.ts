import { z } from 'zod';
import { qualifyCapability } from '../../contracts/ids.ts';
import { capabilityInput, idInput } from '../inputs.ts';
import { verb } from '../verb.ts';

export const revokeGrant = verb({
  name: 'revoke',
  summary: 'take a capability away from an employee: its next call is refused, running runs included',
  arguments: [
    ['<employee>', 'id of the employee'],
    ['<capability>', 'provider/capability'],
  ],
  examples: ['clancy grants revoke 4f3k9wz0h1c7m2v8x5tq6n0rda slack/slack.post'],
  input: z.strictObject({ employee: idInput, capability: capabilityInput }),
  run: async ({ client, show }, { employee, capability }) => {
    await client.grants.revoke(employee, capability);
    const revoked = {
      employee_id: employee,
      capability: qualifyCapability(capability.provider, capability.capability),
      revoked: true,
    };
    show(revoked, (answer) => `${answer.capability} was taken away from ${answer.employee_id}.`);
  },
});
