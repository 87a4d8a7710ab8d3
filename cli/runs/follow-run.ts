import { RunNotCompletedError } from '../exit-codes.ts';
import { oneLine } from '../output/plain-text.ts';
import type { Session } from '../session.ts';
import { followLive } from './live/follow-live.ts';
import { renderEvent } from './render-event.ts';
import { renderRun } from './render-run.ts';

/**
 * Shows a run until its end and then how it ended: as a tree that changes in place on a terminal, as a line per event
 * elsewhere. With `--json`: a line per event and the run as the last line.
 *
 * @throws RunNotCompletedError when the run failed or was interrupted.
 */
export async function followRun(session: Session, runId: string, lastEventId: string | undefined): Promise<void> {
  const { terminal, stdout: write, nowMs } = session.io;
  // Events before `--after` are not told, so that there is no whole tree to be drawn.
  const isLive = terminal !== undefined && !session.isJson && lastEventId === undefined;
  if (isLive) {
    await followLive({ terminal, write, nowMs }, runId, (say) =>
      session.client.runs.events(runId, { onReconnect: (reason) => say(oneLine(`${reason} Going on where it stopped.`)) }),
    );
  } else await printEvents(session, runId, lastEventId);
  const run = await session.client.runs.end(runId);
  session.showLine(run, (ended) => `\n${renderRun(ended)}`);
  if (run.status !== 'completed') throw new RunNotCompletedError(`The run did not complete: ${run.status}.`);
}

async function printEvents(session: Session, runId: string, lastEventId: string | undefined): Promise<void> {
  const onReconnect = (reason: string) => session.note(`${reason} Going on where it stopped.`);
  for await (const event of session.client.runs.events(runId, { lastEventId, onReconnect })) {
    session.showLine(event, ({ event: shown }) => renderEvent(shown, runId));
  }
}
