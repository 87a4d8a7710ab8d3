import { z } from 'zod';
import { parseRunId } from '../../contracts/ids.ts';
import { rehearsedCallSchema, type RehearsedCall } from '../../contracts/rehearsal.ts';
import type { HubDatabase } from '../../db/client.ts';
import type { App } from '../../platform/http/server.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { scopeOfPerson } from '../http/scope.ts';
import { listNotes, openNote, type NoteRow } from './notes.ts';

export interface RehearsalRouteDeps {
  database: Pick<HubDatabase, 'withOrgRead'>;
  secretBox: Pick<SecretBox, 'open'>;
}

const params = z.strictObject({
  run_id: z
    .string()
    .max(200)
    .refine((text) => parseRunId(text) !== undefined, 'not a run id'),
});
const query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  /** `next` of the page before. */
  after: z.coerce.number().int().min(0).default(0),
});
const answer = z.strictObject({ items: z.array(rehearsedCallSchema), next: z.int().nullable() });

/** What a rehearsal would have done: for Agent-Core, in the name of whoever looks at the rehearsal, and for people. */
export function rehearsalRoutes(app: App, deps: RehearsalRouteDeps): void {
  app.get(
    '/rehearsals/:run_id/calls',
    {
      config: { access: { principal: 'person', permission: 'receipts.read' } },
      schema: {
        summary: 'The calls of a rehearsal, in the order in which they came: nothing in them has happened',
        tags: ['rehearsals'],
        params,
        querystring: query,
        response: { 200: answer },
      },
    },
    async (request) => {
      const { limit, after } = request.query;
      const rows = await deps.database.withOrgRead(scopeOfPerson(request), (tx) =>
        listNotes(tx, request.params.run_id, after, limit + 1),
      );
      const page = rows.slice(0, limit);
      const items = await Promise.all(page.map((row) => toCall(deps, row)));
      return { items, next: rows.length > limit ? (page.at(-1)?.position ?? null) : null };
    },
  );
}

async function toCall(deps: RehearsalRouteDeps, row: NoteRow): Promise<RehearsedCall> {
  const { parameters, result = null } = await openNote(deps.secretBox, row);
  return {
    call_id: row.callId,
    capability: row.capability,
    capability_version: row.capabilityVersion,
    risk: row.risk,
    connection_id: row.connectionId,
    account_name: row.accountName,
    parameters,
    answered_by: row.answeredBy,
    basis: row.basis,
    result,
    question: row.question,
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
    at: row.createdAt.toISOString(),
  };
}
