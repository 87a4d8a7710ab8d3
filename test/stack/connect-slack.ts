import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import type { SandboxClient } from '../../dev/sandbox/client.ts';
import { connect } from './connect.ts';

/** Connects a fresh workspace; gives its team id. */
export async function connectSlack(client: ClancyClient, sandbox: SandboxClient): Promise<string> {
  return connect(client, sandbox, 'slack');
}
