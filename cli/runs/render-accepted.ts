import type { z } from 'zod';
import type { acceptedRunAnswer } from '../client/answers/runs.ts';
import { fields } from '../output/table.ts';

/** A run that was accepted, and how to follow it unless it is followed already. */
export function renderAccepted({ run_id, execution_id, links }: z.infer<typeof acceptedRunAnswer>, isWatched: boolean): string {
  return fields([
    ['Run', run_id],
    ['Execution', execution_id],
    ['Web UI', links?.temporal_ui],
    ['Follow', isWatched ? undefined : `clancy runs watch ${run_id}`],
  ]);
}
