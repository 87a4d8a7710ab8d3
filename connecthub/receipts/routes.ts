import { z } from 'zod';
import { jsonSchema } from '../../contracts/json.ts';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { createCursors, pageQuery, pageSchema } from '../../platform/http/page.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { assertNotImpersonated, scopeOfPerson } from '../http/scope.ts';
import { findReceipt } from './find.ts';
import { callSummariesSchema } from '../../contracts/call-summary.ts';
import { listReceipts } from './list.ts';
import { resolveReceipt, type ResolveDeps } from './resolve.ts';
import { summariseReceipts, summaryQuery } from './summary.ts';
import { receiptView, toReceiptView } from './view.ts';
import { outcomeSchema } from './wire.ts';

export interface ReceiptDeps extends ResolveDeps {
  cursorSecret: Buffer;
  ui: UiLinks;
}

const callParams = z.strictObject({ call_id: z.string().max(500) });
const filters = {
  run_id: z.string().max(200).optional(),
  employee_id: z.string().max(64).optional(),
  capability: z.string().max(200).optional(),
  outcome: outcomeSchema.optional(),
};
const resolveBody = z.discriminatedUnion('resolution', [
  z.strictObject({ resolution: z.literal('happened'), result: jsonSchema.optional() }),
  z.strictObject({ resolution: z.literal('did_not_happen') }),
]);

export function receiptRoutes(app: App, deps: ReceiptDeps): void {
  const cursors = createCursors(deps.cursorSecret);
  const access = { principal: 'person', permission: 'receipts.read' } as const;
  app.get(
    '/receipts',
    {
      config: { access },
      schema: {
        summary: 'What calls left behind, newest first',
        tags: ['receipts'],
        querystring: z.strictObject({ ...pageQuery, ...filters }),
        response: { 200: pageSchema(receiptView) },
      },
    },
    async (request) => {
      const page = await listReceipts(deps.database, cursors, scopeOfPerson(request).orgId, request.query);
      return { ...page, items: page.items.map((receipt) => toReceiptView(receipt, deps.ui)) };
    },
  );
  app.get(
    '/receipts/summary',
    {
      config: { access },
      schema: {
        summary: 'How many calls of each skill ended how, within a time',
        tags: ['receipts'],
        querystring: summaryQuery,
        response: { 200: callSummariesSchema },
      },
    },
    async (request) => ({ items: await summariseReceipts(deps.database, scopeOfPerson(request).orgId, request.query) }),
  );
  app.get(
    '/receipts/:call_id',
    {
      config: { access },
      schema: { summary: 'One receipt', tags: ['receipts'], params: callParams, response: { 200: receiptView } },
    },
    async (request) => {
      const { call_id: callId } = request.params;
      const receipt = await deps.database.withOrgRead(scopeOfPerson(request), (tx) => findReceipt(tx, callId));
      return toReceiptView(receipt, deps.ui);
    },
  );
  app.post(
    '/receipts/:call_id/resolve',
    {
      config: { access: { principal: 'person', permission: 'receipts.resolve' } },
      schema: {
        summary: 'Say whether a call of unknown outcome happened',
        tags: ['receipts'],
        params: callParams,
        body: resolveBody,
        response: { 200: receiptView },
      },
    },
    async (request) => {
      assertNotImpersonated(personOf(request));
      const receipt = await resolveReceipt(deps, scopeOfPerson(request), request.params.call_id, request.body);
      return toReceiptView(receipt, deps.ui);
    },
  );
}
