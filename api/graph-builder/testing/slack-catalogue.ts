import type { Capability, Catalogue } from '../../../contracts/capability.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { capabilityEntry } from './capability-entry.ts';

const channel = { type: 'string', minLength: 1, maxLength: 82, pattern: '^#?[^\\s#]+$' };
const ts = { type: 'string', pattern: '^\\d{1,12}\\.\\d{1,9}$' };
const cursor = { type: 'string', minLength: 1 };
const limit = { type: 'integer', minimum: 1, maximum: 200 };

function entry(name: string, risk: 'read' | 'write', properties: JsonObject, required: string[]): Capability {
  return capabilityEntry({ provider: 'slack', name, permission: `slack.${risk}`, risk, properties, required });
}

/** Slack's seven capabilities with the parameters that ConnectHub declares, for tests. */
const slackCapabilities: Capability[] = [
  entry('slack.post', 'write', { channel, text: { type: 'string', minLength: 1, maxLength: 40_000 }, thread_ts: ts }, [
    'channel',
    'text',
  ]),
  entry(
    'slack.dm',
    'write',
    {
      user: { type: 'string', maxLength: 254, pattern: '^(@[^\\s@#]+|[^\\s@]+@[^\\s@]+|[UW][A-Z0-9]{2,31})$' },
      text: { type: 'string', minLength: 1 },
    },
    ['user', 'text'],
  ),
  entry('slack.read', 'read', { channel, limit, oldest: { type: 'string' }, cursor }, ['channel']),
  entry('slack.thread.read', 'read', { channel, thread_ts: ts, limit, cursor }, ['channel', 'thread_ts']),
  entry('slack.react', 'write', { channel, ts, emoji: { type: 'string', pattern: "^:?[a-z0-9_+'-]{1,100}:?$" } }, [
    'channel',
    'ts',
    'emoji',
  ]),
  entry('slack.channels.list', 'read', { limit, cursor }, []),
  entry('slack.users.find', 'read', { query: { type: 'string', minLength: 1, maxLength: 254 } }, ['query']),
];

/** A catalogue with Slack alone, as this version of Clancy has it. */
export function slackCatalogue(options: { isConnected?: boolean } = {}): Catalogue {
  const connection = { connection_id: 'conn_test', account_name: 'Test', status: 'active' as const, scopes: [] };
  return {
    providers: [
      {
        provider: 'slack',
        title: 'Slack',
        capabilities: slackCapabilities,
        connections: options.isConnected === false ? [] : [connection],
      },
    ],
  };
}
