import type { JsonObject } from '../../../contracts/json.ts';
import { toAnswer, type Answer } from '../../testing/browser.ts';
import type { HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';
import { NOTES_KEY } from './notes-server.ts';

export const TOOLS = [
  { tool: 'note.search', capability: 'note.search', permission: 'note.read', risk: 'read' },
  { tool: 'note.add', capability: 'note.add', permission: 'note.write', risk: 'write' },
  { tool: 'note.fail', capability: 'note.fail', permission: 'note.write', risk: 'write' },
];

/** The server as a manager would bring it along. */
export const notesImport = (url: string) => ({
  id: 'notes',
  title: 'Notes',
  url,
  auth: { type: 'bearer' },
  key: NOTES_KEY,
  tools: TOOLS,
});

/** An organisation with an MCP server, an account of it, and an employee who may use its tools. */
export interface NotesOffice {
  readonly office: Office;
  readonly connectionId: string;
  call(capability: string, parameters: JsonObject, callId?: string): Promise<Answer>;
}

export async function notesOffice(harness: HubHarness, url: string): Promise<NotesOffice> {
  const qualified = TOOLS.map(({ capability }) => `notes/${capability}`);
  const rule = { effect: 'allow' as const, approvers: [], timeout_seconds: 60, on_timeout: 'reject' as const };
  const rules = [{ capability: 'notes/*', ...rule, reason: 'The test says so.' }];
  const office = await harness.office({ capabilities: qualified, rules });
  const imported = await office.asPerson('POST', '/providers/mcp', { body: notesImport(url) });
  if (imported.status !== 201) throw new Error(`the import answered ${imported.text}`);
  const body = { provider: 'notes', account_name: 'Shelf', credentials: { api_key: NOTES_KEY } };
  const connectionId = String((await office.asPerson('POST', '/connections', { body })).json['connection_id']);
  await harness.owner.query(`update authz.grants set connection_id = $2 where org_id = $1`, [office.orgId, connectionId]);
  return {
    office,
    connectionId,
    call: async (capability, parameters, callId = office.callId()) =>
      toAnswer(
        await harness.hub.app.inject({
          method: 'POST',
          url: `/proxy/notes/${capability}`,
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
