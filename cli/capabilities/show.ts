import { z } from 'zod';
import type { CapabilityAnswer } from '../client/answers/connecthub.ts';
import { deprecationInWords } from './deprecation.ts';
import { UsageError } from '../exit-codes.ts';
import { capabilityInput } from '../inputs.ts';
import { fields, page, section } from '../output/table.ts';
import { verb } from '../verb.ts';

export const showCapability = verb({
  name: 'show',
  summary: 'show a capability and the parameters it takes',
  arguments: [['<capability>', 'provider/capability']],
  examples: ['clancy capabilities show gmail/email.send'],
  input: z.strictObject({ capability: capabilityInput }),
  run: async ({ client, show }, { capability: { provider, capability } }) => {
    const { providers } = await client.capabilities.list({ provider });
    const found = providers[0]?.capabilities.find((one) => one.capability === capability);
    if (!found) throw new UsageError(`There is no ${provider}/${capability} here. See: clancy capabilities list`);
    show(found, (one) => renderCapability(provider, one));
  },
});

function renderCapability(provider: string, one: CapabilityAnswer): string {
  return page([
    fields([
      ['Capability', `${provider}/${one.capability}`],
      ['Version', one.version],
      ['What it does', one.description],
      ['Risk', one.risk],
      ['Permission', one.permission],
      ['Cost (units of the provider)', one.cost],
      ['Deprecated', deprecationInWords(one)],
      ['Scopes', one.scopes.join(' ')],
    ]),
    ...section('Parameters (JSON Schema)', JSON.stringify(one.input_schema, undefined, 2)),
  ]);
}
