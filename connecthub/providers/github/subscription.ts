import { z } from 'zod';
import type { SubscriptionDefinition } from '../../webhooks/definition.ts';
import type { ProviderReader } from '../definition.ts';
import { readBody } from '../parameters.ts';

const pageSize = 100;
const installationsSchema = z.looseObject({ installations: z.array(z.looseObject({ id: z.int() })) });
const repositoriesSchema = z.looseObject({ repositories: z.array(z.looseObject({ id: z.int() })) });

const MAX_INSTALLATIONS = 20;
const MAX_PAGES = 10;
/** So long a repository that is new to a person tells nothing, and one that was closed to them goes on telling. */
const RENEW_AFTER_MS = 15 * 60_000;

/** How a subscription names a repository. */
export function nameOfRepository(id: number): string {
  return `repository:${id}`;
}

/**
 * GitHub tells of every repository in which the App is installed, and not whose connection that is: the repositories that
 * this person may see there are asked for. https://docs.github.com/en/rest/apps/installations
 */
export const githubSubscription: SubscriptionDefinition = {
  scopes: [],
  begin: async ({ reader }) => {
    const listed = await reader.read('user/installations', { per_page: pageSize });
    const { installations } = readBody(installationsSchema, listed);
    const names: string[] = [];
    for (const { id } of installations.slice(0, MAX_INSTALLATIONS)) names.push(...(await repositoriesOf(reader, id)));
    return { names, renewAfterMs: RENEW_AFTER_MS };
  },
};

async function repositoriesOf(reader: ProviderReader, installation: number): Promise<string[]> {
  const names: string[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const listed = await reader.read(`user/installations/${installation}/repositories`, { per_page: pageSize, page });
    const { repositories } = readBody(repositoriesSchema, listed);
    names.push(...repositories.map(({ id }) => nameOfRepository(id)));
    if (repositories.length < pageSize) break;
  }
  return names;
}
