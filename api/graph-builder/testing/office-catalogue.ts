import type { Capability, Catalogue, ProviderCatalogue } from '../../../contracts/capability.ts';
import { capabilityEntry } from './capability-entry.ts';
import { slackCatalogue } from './slack-catalogue.ts';

const text = { type: 'string', minLength: 1, maxLength: 50_000 };
const address = { type: 'string', maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' };

const quickbooks = [
  capabilityEntry({
    provider: 'quickbooks',
    name: 'invoice.list',
    permission: 'invoice.read',
    risk: 'read',
    properties: {
      status: { type: 'string', enum: ['open', 'overdue', 'paid', 'all'] },
      limit: { type: 'integer', minimum: 1, maximum: 500 },
    },
  }),
  ...['invoice.create', 'invoice.send'].map((name) =>
    capabilityEntry({ provider: 'quickbooks', name, permission: 'invoice.write', risk: 'write' }),
  ),
];

const gmail = [
  capabilityEntry({
    provider: 'gmail',
    name: 'email.send',
    permission: 'email.write',
    risk: 'write',
    properties: { to: address, subject: { ...text, maxLength: 250 }, body: text },
    required: ['to', 'subject', 'body'],
  }),
  capabilityEntry({ provider: 'gmail', name: 'email.search', permission: 'email.read', risk: 'read' }),
];

function connected(provider: string, title: string, capabilities: Capability[]): ProviderCatalogue {
  const connection = { connection_id: `conn_${provider}`, account_name: 'Test', status: 'active' as const, scopes: [] };
  return { provider, title, capabilities, connections: [connection] };
}

/** Slack, QuickBooks and Gmail, with the capabilities that templates use and some that nobody may be granted unasked. */
export function officeCatalogue(): Catalogue {
  const { providers } = slackCatalogue();
  return { providers: [...providers, connected('quickbooks', 'QuickBooks', quickbooks), connected('gmail', 'Gmail', gmail)] };
}
