import { z } from 'zod';
import { addedAnswer, mcpImportedAnswer, providerAnswer, providerListAnswer, reviewAnswer } from './answers/providers.ts';
import { path, send, type Service } from './http.ts';

export interface NewAccount {
  readonly provider: string;
  readonly account_name: string;
  readonly credentials: { readonly api_key: string };
}

/** Changes of an MCP server that a person has seen. */
export interface Acceptance {
  readonly connection_id?: string | undefined;
  readonly accept: readonly { readonly capability: string; readonly digest: string }[];
}

/** ConnectHub's `/providers`: those that the organisation brought along, and their accounts. */
export function providersClient(hub: Service) {
  return {
    /** `definition` goes as it is: ConnectHub checks it and names what does not fit. */
    import: (definition: object, idempotencyKey: string) =>
      send(hub, { method: 'POST', path: '/providers', body: definition, idempotencyKey, answer: providerAnswer }),
    /** The same for an MCP server. */
    importMcp: (definition: object, idempotencyKey: string) =>
      send(hub, { method: 'POST', path: '/providers/mcp', body: definition, idempotencyKey, answer: mcpImportedAnswer }),
    review: (id: string, connectionId: string | undefined) =>
      send(hub, { path: path`/providers/${id}/review`, query: { connection_id: connectionId }, answer: reviewAnswer }),
    accept: (id: string, accepted: Acceptance, idempotencyKey: string) =>
      send(hub, {
        method: 'POST',
        path: path`/providers/${id}/review`,
        body: accepted,
        idempotencyKey,
        answer: reviewAnswer,
      }),
    list: () => send(hub, { path: '/providers', answer: providerListAnswer }),
    get: (id: string) => send(hub, { path: path`/providers/${id}`, answer: providerAnswer }),
    remove: async (id: string): Promise<void> => {
      await send(hub, { method: 'DELETE', path: path`/providers/${id}`, answer: z.unknown() });
    },
    /** Connects an account with a key instead of a consent. */
    addAccount: (account: NewAccount, idempotencyKey: string) =>
      send(hub, { method: 'POST', path: '/connections', body: account, idempotencyKey, answer: addedAnswer }),
  };
}
