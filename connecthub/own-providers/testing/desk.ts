import type { JsonObject } from '../../../contracts/json.ts';
import { toAnswer, type Answer } from '../../testing/browser.ts';
import type { HubHarness } from '../../testing/harness.ts';
import type { HubCopy } from '../../testing/hub-copy.ts';
import { ALLOW_ALL, type Office } from '../../testing/office.ts';

const CAPABILITIES = [
  { operation_id: 'listTickets', capability: 'ticket.list', permission: 'ticket.read', risk: 'read' },
  { operation_id: 'getTicket', capability: 'ticket.get', permission: 'ticket.read', risk: 'read' },
  {
    operation_id: 'createTicket',
    capability: 'ticket.create',
    permission: 'ticket.write',
    risk: 'write',
    idempotency: { kind: 'native', header: 'Idempotency-Key', window_ms: 86_400_000 },
  },
  { operation_id: 'addComment', capability: 'ticket.comment', permission: 'ticket.write', risk: 'write' },
  { operation_id: 'deleteTicket', capability: 'ticket.delete', permission: 'ticket.write', risk: 'destructive' },
] as const;

/** The sandbox's ticket desk, as a manager would import it. */
export function deskImport(sandboxUrl: string) {
  return {
    id: 'desk',
    title: 'Ticket desk',
    document_url: `${sandboxUrl}/desk/openapi.yaml`,
    auth: { type: 'api_key', in: 'header', name: 'X-Api-Key' },
    account: { operation_id: 'getMe', id: 'id', name: 'name' },
    capabilities: CAPABILITIES,
  };
}

/** An organisation that has the desk as a provider of its own, an account of it, and an employee who may use it. */
export interface DeskOffice {
  readonly office: Office;
  readonly team: string;
  readonly apiKey: string;
  readonly connectionId: string;
  call(capability: string, parameters: JsonObject, options?: { callId?: string; hub?: HubCopy }): Promise<Answer>;
}

export async function deskOffice(harness: HubHarness): Promise<DeskOffice> {
  const { sandbox, sandboxUrl } = harness.surroundings;
  const qualified = CAPABILITIES.map(({ capability }) => `desk/${capability}`);
  const office = await harness.office({
    capabilities: qualified,
    rules: ALLOW_ALL.map((rule) => ({ ...rule, capability: 'desk/*' })),
  });
  const { team, apiKey } = await sandbox.desk.createAccount();
  const imported = await office.asPerson('POST', '/providers', { body: deskImport(sandboxUrl) });
  if (imported.status !== 201) throw new Error(`the import answered ${imported.text}`);
  const credentials = { api_key: apiKey };
  const added = await office.asPerson('POST', '/connections', {
    body: { provider: 'desk', account_name: 'Support', credentials },
  });
  const connectionId = String(added.json['connection_id']);
  await harness.owner.query(`update authz.grants set connection_id = $2 where org_id = $1`, [office.orgId, connectionId]);
  return {
    office,
    team,
    apiKey,
    connectionId,
    call: async (capability, parameters, { callId = office.callId(), hub = harness.hub } = {}) =>
      toAnswer(
        await hub.app.inject({
          method: 'POST',
          url: `/proxy/desk/${capability}`,
          headers: {
            authorization: `Bearer ${office.agentToken}`,
            'idempotency-key': callId,
            'clancy-run-ticket': office.ticket,
          },
          payload: { connection_id: connectionId, parameters },
        }),
      ),
  };
}
