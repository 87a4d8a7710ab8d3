import type { AgentEvent } from '../../../contracts/events.ts';
import type { ChildRef, Feed } from './feed.ts';
import { openReading } from './reading.ts';

export interface CursoredEvent {
  /** Sent back as `Last-Event-ID`, it resumes behind this event, on any copy. */
  id: string;
  event: AgentEvent;
}

export interface FollowOptions {
  run: ChildRef;
  /** Where the reader stands; changed as it goes on. */
  cursor: Map<string, number>;
  /** See `Feeds`. */
  hold: (workflow: ChildRef) => { feed: Feed; letGo: () => void };
  signal: AbortSignal;
  /** How long the run's last event is held back for a skill run whose end is not known yet. */
  patienceMs?: number;
}

/**
 * The events of a run and its skill runs behind the cursor, the older first as far as they are known, and the run's last
 * event last. Ends with the run or the signal; answers `gone` when there is no history to read.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<CursoredEvent, 'ended' | 'gone'> {
  const { signal } = options;
  const reading = openReading(options);
  try {
    for (;;) {
      if (reading.isGone()) return 'gone';
      const next = reading.take();
      if (next) yield next;
      else if (signal.aborted || reading.isOver()) return 'ended';
      else await reading.change();
    }
  } finally {
    reading.close();
  }
}
