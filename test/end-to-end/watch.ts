import type { AgentEventAnswer } from '../../cli/client/answers/runs.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';

export interface Watched {
  readonly events: AgentEventAnswer[];
  /** Where another stream goes on. */
  readonly lastEventId: string | undefined;
}

/** Follows a run up to its last event, from behind `lastEventId` if that is given. */
export function watchUntilEnd(client: ClancyClient, runId: string, lastEventId?: string): Promise<Watched> {
  return watchUntil(client, runId, () => false, lastEventId);
}

/** Follows a run until `isEnough`, then leaves the stream as somebody does who closes their laptop. */
export async function watchUntil(
  client: ClancyClient,
  runId: string,
  isEnough: (events: readonly AgentEventAnswer[]) => boolean,
  lastEventId?: string,
): Promise<Watched> {
  const events: AgentEventAnswer[] = [];
  let last = lastEventId;
  for await (const { id, event } of client.runs.events(runId, { lastEventId })) {
    events.push(event);
    last = id;
    if (isEnough(events)) break;
  }
  return { events, lastEventId: last };
}
