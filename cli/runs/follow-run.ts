import { RunNotCompletedError } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { renderEvent } from './render-event.ts';
import { renderRun } from './render-run.ts';

/**
 * Prints a run's events as they happen and, at its end, how it ended. With `--json`: a line per event and the run as the
 * last line.
 *
 * @throws RunNotCompletedError when the run failed or was interrupted.
 */
export async function followRun(session: Session, runId: string, lastEventId: string | undefined): Promise<void> {
  const onReconnect = (reason: string) => session.note(`${reason} Going on where it stopped.`);
  for await (const event of session.client.runs.events(runId, { lastEventId, onReconnect })) {
    session.showLine(event, ({ event: shown }) => renderEvent(shown, runId));
  }
  const run = await session.client.runs.end(runId);
  session.showLine(run, (ended) => `\n${renderRun(ended)}`);
  if (run.status !== 'completed') throw new RunNotCompletedError(`The run did not complete: ${run.status}.`);
}
