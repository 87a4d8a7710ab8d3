import { z } from 'zod';
import type { Send } from '../control/send.ts';

/** An effect in GitHub. */
export const githubEffectSchema = z.object({
  sequence: z.number(),
  provider: z.literal('github'),
  team: z.string(),
  method: z.enum(['issues.create', 'issues.update', 'comments.create', 'oauth.grant.delete']),
  request_id: z.string(),
  at: z.string(),
  repository: z.string().default(''),
  /** The object as it was then. */
  object: z.record(z.string(), z.unknown()).nullable().default(null),
});
export type GitHubEffect = z.infer<typeof githubEffectSchema>;

export interface GitHubControls {
  /** What was made and changed, oldest first. */
  effects(person: string): Promise<GitHubEffect[]>;
}

export function createGitHubControls(send: Send): GitHubControls {
  return {
    effects: async (person) => {
      const query = new URLSearchParams({ team: person }).toString();
      return (await send('GET', `/effects?${query}`, z.object({ effects: z.array(githubEffectSchema) }))).effects;
    },
  };
}
