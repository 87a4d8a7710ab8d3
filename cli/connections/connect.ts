import { z } from 'zod';
import type { ConnectedAnswer } from '../client/answers/connecthub.ts';
import { followConsent } from '../client/follow-consent.ts';
import { UsageError } from '../exit-codes.ts';
import { idInput } from '../inputs.ts';
import { fields } from '../output/table.ts';
import { oneLine } from '../output/plain-text.ts';
import type { Session } from '../session.ts';
import { verb } from '../verb.ts';

export const connectProvider = verb({
  name: 'connect',
  summary: 'print the address at which you connect an account (it works once, for a minute; nothing is opened)',
  arguments: [['<provider>', 'such as slack']],
  options: [
    { flags: '--for <capabilities>', description: 'ask for what these need alone, such as email.send,email.read' },
    { flags: '--connection <id>', description: 'the connection that is to be able to do more' },
    { flags: '--auth0 <connection>', description: "take tokens from Auth0's Token Vault: its refresh token comes on stdin" },
    { flags: '--follow', description: "development only: walk the sandbox's consent right here" },
  ],
  examples: [
    'clancy connections connect slack',
    'clancy connections connect gmail --for email.send,email.read',
    'clancy connections connect gmail --auth0 google-oauth2 < refresh-token.txt',
    'clancy connections connect slack --follow',
  ],
  input: z.strictObject({
    provider: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected a provider, such as slack'),
    for: z
      .string()
      .regex(/^[a-z0-9._]+(,[a-z0-9._]+)*$/, 'expected capabilities separated by commas, such as email.send,email.read')
      .optional(),
    connection: idInput.optional(),
    auth0: z
      .string()
      .regex(/^[\w-]{1,128}$/, 'expected the name of a connection at Auth0, such as google-oauth2')
      .optional(),
    follow: z.boolean().default(false),
  }),
  run: async (session, { provider, follow, for: capabilities, connection, auth0 }) => {
    if (auth0 !== undefined) return connectAuth0(session, provider, auth0);
    const launch = () => session.client.connections.launch(provider, { capabilities, connection_id: connection });
    if (follow) return followLaunch(session, launch);
    session.show(await launch(), ({ url }) => `Open this address in your browser within a minute:\n\n  ${oneLine(url)}`);
  },
});

/** The token is read from where neither other processes nor the shell's history see it. */
async function connectAuth0({ io, client, show }: Session, provider: string, connection: string): Promise<void> {
  const refreshToken = (await io.readStdin()).trim();
  if (refreshToken === '') throw new UsageError("Auth0's refresh token is missing on stdin: ... < refresh-token.txt");
  show(await client.connections.connectAuth0({ provider, connection, refresh_token: refreshToken }), renderConnected);
}

async function followLaunch({ surroundings, show }: Session, launch: () => Promise<{ url: string }>): Promise<void> {
  if (surroundings.kind !== 'development') throw new UsageError('--follow works with a development stack only.');
  const { url } = await launch();
  const connected = await followConsent({ url, allowedOrigins: [surroundings.connecthubUrl, surroundings.sandboxUrl] });
  show(connected, renderConnected);
}

function renderConnected(account: ConnectedAnswer): string {
  return fields([
    ['Connection', account.connection_id],
    ['Provider', account.provider],
    ['Account', account.account_name],
    ['Scopes', account.scopes.join(' ')],
  ]);
}
