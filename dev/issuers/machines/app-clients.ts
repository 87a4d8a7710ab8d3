import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import { z } from 'zod';
import { SERVICE_NAMES } from '../../../platform/auth/principal.ts';
import type { StateFolder } from '../state-folder.ts';

const FILE = 'clients.json';

const appClientSchema = z.strictObject({
  clientId: z.string(),
  clientName: z.string(),
  clientSecret: z.string(),
  scopes: z.array(z.string()),
  accessTokenSeconds: z.int(),
  /** Set for the clients of our own services; none made over the API has it. */
  service: z.enum(SERVICE_NAMES).optional(),
});

/** An app client of the local user pool. */
export type AppClient = z.infer<typeof appClientSchema>;

export type AppClients = {
  readonly list: () => AppClient[];
  readonly find: (clientId: string) => AppClient | undefined;
  /** Stored before it resolves. */
  readonly create: (client: Omit<AppClient, 'clientId' | 'clientSecret'>) => Promise<AppClient>;
};

/** The pool's app clients, kept in the folder; the services' own are made on first use. */
export async function loadAppClients(folder: StateFolder): Promise<AppClients> {
  const clients = (await readAppClients(folder)) ?? [];
  const byId = new Map(clients.map((client) => [client.clientId, client]));

  async function create(client: Omit<AppClient, 'clientId' | 'clientSecret'>): Promise<AppClient> {
    const created = { ...client, clientId: word(26), clientSecret: word(51) };
    byId.set(created.clientId, created);
    await folder.write(FILE, [...byId.values()]);
    return created;
  }

  for (const service of SERVICE_NAMES.filter((name) => !clients.some((client) => client.service === name))) {
    await create({ clientName: `service_${service}`, scopes: ['clancy/service'], accessTokenSeconds: 3600, service });
  }
  return { list: () => [...byId.values()], find: (clientId) => byId.get(clientId), create };
}

/** What the folder holds; nothing before the issuers ran in it. */
export async function readAppClients(folder: StateFolder): Promise<AppClient[] | undefined> {
  return z
    .array(appClientSchema)
    .optional()
    .parse(await folder.read(FILE));
}

/** Whether the secret is the client's, in a time that does not tell how much of it is right. */
export function hasSecret(client: AppClient, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(client.clientSecret), digest(secret));
}

/** Lower-case letters and digits, as Cognito's ids and secrets. */
function word(length: number): string {
  return Array.from(randomBytes(length), (byte) => (byte % 36).toString(36)).join('');
}
