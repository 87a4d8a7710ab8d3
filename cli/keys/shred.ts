import { z } from 'zod';
import { UsageError } from '../exit-codes.ts';
import { keysVerb, orgInput, orgOption } from './keys-verb.ts';

export const shredKeys = keysVerb({
  name: 'shred',
  summary:
    "destroy an organisation's data keys: what they have sealed can never be read again (backups from before hold the keys). " +
    'Cannot be undone',
  options: [orgOption('the organisation'), { flags: '--confirm <id>', description: 'its id once more' }],
  examples: ['clancy keys shred --org org_2x --confirm org_2x'],
  input: z.strictObject({ org: orgInput, confirm: z.string('give the id of the organisation once more') }),
  run: async ({ admin, show }, { org, confirm }) => {
    if (confirm !== org) throw new UsageError('--confirm names another organisation: nothing was destroyed.');
    const { keys, connections } = await admin.shred(org);
    const answer = { service: admin.service, organisation: org, destroyed_keys: keys, disconnected: connections };
    show(
      answer,
      () =>
        `${keys} data keys of ${org} at ${admin.service} were destroyed` +
        (admin.service === 'ConnectHub' ? `, ${connections} connections disconnected` : ''),
    );
  },
});
