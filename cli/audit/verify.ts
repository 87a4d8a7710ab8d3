import { z } from 'zod';
import { SomeRefusedError } from '../exit-codes.ts';
import { fields } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';
import { auditOf, serviceInput, serviceOption } from './inputs.ts';
import { verifyChain, type ChainReport } from './verify-chain.ts';

export const verifyAudit = verb({
  name: 'verify',
  summary:
    'compute the chain of hashes over the audit anew: no sealed entry was changed, added or removed; exits with 1 otherwise',
  options: [
    serviceOption,
    { flags: '--kept <hash>', description: 'head of an earlier verification, or of a log: must still be in the chain' },
  ],
  examples: ['clancy audit verify', 'clancy audit verify --service connecthub --kept 5f1c…'],
  input: z.strictObject({ service: serviceInput.default('agent-core'), kept: z.string().optional() }),
  run: async ({ client, show }, { service, kept }) => {
    const report = await verifyChain(auditOf(client, service), kept);
    show(report, renderReport);
    if (report.broken) throw new SomeRefusedError(`The audit of ${service} does not hold: ${report.broken.why}.`);
    if (report.has_kept === false)
      throw new SomeRefusedError(`The kept hash is not in the chain of ${service}: it was made anew.`);
  },
});

function renderReport({ seals, entries, head, until, broken }: ChainReport): string {
  return fields([
    ['Seals', String(seals)],
    ['Entries', String(entries)],
    ['Until', until === null ? 'nothing is sealed yet' : formatInstant(until)],
    ['Head', head ?? undefined],
    ['Broken', broken === null ? undefined : `block ${broken.block}: ${broken.why}`],
  ]);
}
