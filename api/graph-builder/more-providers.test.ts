import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../contracts/capability.ts';
import { buildEmployee } from './build-employee.ts';
import { capabilityEntry } from './testing/capability-entry.ts';
import { builderCases } from './testing/cases.ts';
import { officeCatalogue } from './testing/office-catalogue.ts';

/** Capabilities of providers that no template knows, some of them with names that others have too. */
const MORE: { [provider: string]: [name: string, permission: string, risk: 'read' | 'write'][] } = {
  stripe: [
    ['invoice.list', 'invoice.read', 'read'],
    ['invoice.send', 'invoice.write', 'write'],
    ['customer.list', 'customer.read', 'read'],
    ['refund.create', 'refund.write', 'write'],
  ],
  github: [
    ['issue.list', 'issue.read', 'read'],
    ['issue.create', 'issue.write', 'write'],
  ],
  calendar: [
    ['event.list', 'event.read', 'read'],
    ['event.create', 'event.write', 'write'],
  ],
};

function withMore(): Catalogue {
  const more = Object.entries(MORE).map(([provider, capabilities]) => ({
    provider,
    title: provider,
    capabilities: capabilities.map(([name, permission, risk]) => capabilityEntry({ provider, name, permission, risk })),
    connections: [{ connection_id: `conn_${provider}`, account_name: 'Test', status: 'active' as const, scopes: [] }],
  }));
  return { providers: [...more, ...officeCatalogue().providers] };
}

const built = (jobDescription: string, catalogue: Catalogue) => buildEmployee({ jobDescription, catalogue }).definition;

describe('a provider that no skill uses', () => {
  it.each(builderCases.map(({ title, text }) => [title, text]))('is left alone: %s', (_title, text) => {
    const { graph, skill_graphs: skills, capabilities } = built(text, withMore());
    const without = built(text, officeCatalogue());
    expect({ graph, skills, capabilities }).toEqual({
      graph: without.graph,
      skills: without.skill_graphs,
      capabilities: without.capabilities,
    });
  });

  it('is ruled out by name, and with the money that it holds', () => {
    const denied = (limit: string) =>
      built(`Post a digest of #a in #b every day at 9:00. ${limit}`, withMore())
        .policy.filter(({ effect }) => effect === 'deny')
        .map(({ capability }) => capability);
    expect(denied('Keep out of Stripe.')).toEqual(['stripe/*']);
    expect(denied('Never change anything in Stripe.')).toEqual(['stripe/invoice.send', 'stripe/refund.create']);
    expect(denied('Never change anything in GitHub.')).toEqual(['github/issue.create']);
    expect(denied('Do not touch the calendar.')).toEqual(['calendar/event.create']);
    expect(denied('No access to money.')).toEqual(expect.arrayContaining(['quickbooks/*', 'stripe/*']));
  });
});
