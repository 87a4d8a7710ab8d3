import { ClancyError } from '../../../contracts/errors.ts';
import { openFeed, type ChildRef, type Feed, type FeedDeps } from './feed.ts';

/** Well below the 1,200 history polls that a Temporal frontend allows per namespace and instance. */
const MAX_OPEN = 500;

export interface Feeds {
  /**
   * The workflow's feed, shared by all who hold it; ends when the last one lets go.
   * @throws ClancyError `dependency_unavailable` when this copy follows as many workflows as it may.
   */
  hold(deps: Pick<FeedDeps, 'createMapper'>, workflow: ChildRef): { feed: Feed; letGo: () => void };
}

/** One poll per open workflow, whoever watches. Workflows that nobody watches cost nothing. */
export function createFeeds(deps: Omit<FeedDeps, 'createMapper'>, maxOpen = MAX_OPEN): Feeds {
  const held = new Map<string, { feed: Feed; holders: number }>();
  return {
    hold: ({ createMapper }, workflow) => {
      const key = `${workflow.workflowId}|${workflow.runId}`;
      const known = held.get(key);
      if (!known && held.size >= maxOpen) throw tooMany();
      const entry = known ?? { feed: openFeed({ ...deps, createMapper }, workflow), holders: 0 };
      entry.holders += 1;
      held.set(key, entry);
      let isHeld = true;
      const letGo = (): void => {
        if (!isHeld) return;
        isHeld = false;
        entry.holders -= 1;
        if (entry.holders > 0) return;
        entry.feed.stop();
        held.delete(key);
      };
      return { feed: entry.feed, letGo };
    },
  };
}

function tooMany(): ClancyError {
  return new ClancyError('dependency_unavailable', 'Too many runs are being watched here.', {
    retryAfterMs: 5_000,
    next: 'Try again in a moment: another copy may have room.',
  });
}
