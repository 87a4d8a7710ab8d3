import { z } from 'zod';
import { followConsent } from '../client/follow-consent.ts';
import { UsageError } from '../exit-codes.ts';
import { fields } from '../output/table.ts';
import { oneLine } from '../output/plain-text.ts';
import type { Session } from '../session.ts';
import { verb } from '../verb.ts';

export const connectProvider = verb({
  name: 'connect',
  summary: 'print the address at which you connect an account (it works once, for a minute; nothing is opened)',
  arguments: [['<provider>', 'such as slack']],
  options: [{ flags: '--follow', description: "development only: walk the sandbox's consent right here" }],
  examples: ['clancy connections connect slack', 'clancy connections connect slack --follow'],
  input: z.strictObject({
    provider: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected a provider, such as slack'),
    follow: z.boolean().default(false),
  }),
  run: async (session, { provider, follow }) => {
    if (follow) return followLaunch(session, provider);
    session.show(
      await session.client.connections.launch(provider),
      ({ url }) => `Open this address in your browser within a minute:\n\n  ${oneLine(url)}`,
    );
  },
});

async function followLaunch({ client, surroundings, show }: Session, provider: string): Promise<void> {
  if (surroundings.kind !== 'development') throw new UsageError('--follow works with a development stack only.');
  const { url } = await client.connections.launch(provider);
  const connected = await followConsent({ url, allowedOrigins: [surroundings.connecthubUrl, surroundings.sandboxUrl] });
  show(connected, (account) =>
    fields([
      ['Connection', account.connection_id],
      ['Provider', account.provider],
      ['Account', account.account_name],
      ['Scopes', account.scopes.join(' ')],
    ]),
  );
}
