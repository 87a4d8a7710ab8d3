import { z } from 'zod';
import { addedAnswer, providerAnswer, providerListAnswer } from './answers/providers.ts';
import { path, send, type Service } from './http.ts';

export interface NewAccount {
  readonly provider: string;
  readonly account_name: string;
  readonly credentials: { readonly api_key: string };
}

/** ConnectHub's `/providers`: those that the organisation brought along, and their accounts. */
export function providersClient(hub: Service) {
  return {
    /** `definition` goes as it is: ConnectHub checks it and names what does not fit. */
    import: (definition: object, idempotencyKey: string) =>
      send(hub, { method: 'POST', path: '/providers', body: definition, idempotencyKey, answer: providerAnswer }),
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
