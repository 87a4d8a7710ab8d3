import { z } from 'zod';
import { table } from '../output/table.ts';
import type { KeysInUse, OrgKeys } from './key-admin.ts';
import { keysVerb, orgInput, orgOption } from './keys-verb.ts';

export const keysStatus = keysVerb({
  name: 'status',
  summary: 'say which keys are needed; changes nothing',
  options: [orgOption('the data keys of this organisation, and how many rows each has sealed')],
  examples: ['clancy keys status', 'clancy keys status --org org_2x --json'],
  input: z.strictObject({ org: orgInput.optional() }),
  run: async ({ admin, show }, { org }) => {
    const { service } = admin;
    if (org === undefined) return show({ service, ...(await admin.status()) }, renderStatus);
    show({ service, organisation: org, ...(await admin.statusOf(org)) }, renderOrg);
  },
});

export function renderStatus({ service, keks }: KeysInUse & { service: string }): string {
  if (keks.length === 0) return `${service} has no data keys yet`;
  return table(
    ['KEY', 'DATA KEYS', `OF ${service.toUpperCase()}`],
    keks.map(({ kek, keys, isConfigured, wraps }) => [
      kek,
      String(keys),
      wraps ? 'in use' : isConfigured ? 'to be rotated' : 'MISSING in KEY_ENCRYPTION_KEY',
    ]),
  );
}

function renderOrg({ service, organisation, keys }: OrgKeys & { service: string; organisation: string }): string {
  if (keys.length === 0) return `${organisation} has no data key at ${service}`;
  return table(
    ['DATA KEY', 'WRAPPED BY', 'STATE', 'ROWS'],
    keys.map(({ kid, kek, state, rows }) => [kid, kek, state, String(rows)]),
  );
}
