import { z } from 'zod';
import type { Send } from '../control/send.ts';

/** The OAuth client of an organisation at the desk: there is one desk, and it knows one client. */
export const DESK_CLIENT = { clientId: 'desk-client', clientSecret: 'desk-client-secret' };

const effectSchema = z.looseObject({ method: z.string() });

export interface DeskControls {
  createAccount(): Promise<{ team: string; apiKey: string }>;
  /** What was really done. */
  effects(team: string): Promise<z.infer<typeof effectSchema>[]>;
}

export function createDeskControls(send: Send): DeskControls {
  return {
    createAccount: async () => {
      const { team } = await send('POST', '/desk/accounts', z.object({ team: z.string() }));
      const { api_key: apiKey } = await send('GET', `/desk/accounts/${team}`, z.object({ api_key: z.string() }));
      return { team, apiKey };
    },
    effects: async (team) => (await send('GET', `/effects?team=${team}`, z.object({ effects: z.array(effectSchema) }))).effects,
  };
}
