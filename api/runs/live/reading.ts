import { encodeCursor } from './cursor.ts';
import type { ChildRef, Feed, FeedEntry } from './feed.ts';
import type { CursoredEvent, FollowOptions } from './follow.ts';

/** Temporal closes the children of a closed run at once; this is for a server that is slow about it. */
const PATIENCE_MS = 5_000;
const FINAL_KINDS: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.interrupted']);

/** One workflow of the run, and how far its entries were taken. */
interface Track {
  /** The workflow in the cursor: its id less the run's. */
  key: string;
  feed: Feed;
  index: number;
  release: () => void;
}

export interface Reading {
  /** The next event that may be delivered, if there is one now; the cursor moves behind it. */
  take(): CursoredEvent | undefined;
  /** Settles when there may be something new. */
  change(): Promise<void>;
  isOver(): boolean;
  isGone(): boolean;
  close(): void;
}

/** One reader's place in the feeds of a run: which there are, and what was taken from each. */
export function openReading({ run, cursor, hold, signal, patienceMs = PATIENCE_MS }: FollowOptions): Reading {
  const tracks = new Map<string, Track>();
  let ring: () => void = () => undefined;
  let rootClosedAtMs: number | undefined;
  const onAbort = (): void => ring();
  signal.addEventListener('abort', onAbort, { once: true });

  function add(workflow: ChildRef): Track {
    const key = workflow.workflowId.startsWith(run.workflowId)
      ? workflow.workflowId.slice(run.workflowId.length)
      : workflow.workflowId;
    const { feed, letGo } = hold(workflow);
    const stopListening = feed.onChange(() => ring());
    const track = { key, feed, index: 0, release: () => (stopListening(), letGo()) };
    tracks.set(workflow.workflowId, track);
    return track;
  }
  const root = add(run);

  /** Entries that the reader has, some of them perhaps from another copy, are passed over. */
  function headOf(track: Track): FeedEntry | undefined {
    const position = cursor.get(track.key) ?? -1;
    while ((track.feed.entries[track.index]?.position ?? Infinity) <= position) track.index += 1;
    return track.feed.entries[track.index];
  }
  function mayEnd(): boolean {
    const others = [...tracks.values()].filter((track) => track !== root);
    const areOver = others.every((track) => track.feed.state !== 'open' && headOf(track) === undefined);
    return areOver || (rootClosedAtMs !== undefined && Date.now() - rootClosedAtMs > patienceMs);
  }
  function look(): void {
    if (root.feed.state !== 'open') rootClosedAtMs ??= Date.now();
    for (const { feed } of tracks.values()) {
      for (const child of feed.children) if (!tracks.has(child.workflowId)) add(child);
    }
  }

  return {
    take: () => {
      look();
      let oldest: { track: Track; entry: FeedEntry } | undefined;
      for (const track of tracks.values()) {
        const entry = headOf(track);
        if (!entry || (track === root && FINAL_KINDS.has(entry.event.kind) && !mayEnd())) continue;
        if (!oldest || entry.event.timestamp < oldest.entry.event.timestamp) oldest = { track, entry };
      }
      return oldest && deliver(oldest.track, oldest.entry);
    },
    change: () =>
      new Promise((resolve) => {
        const timer = rootClosedAtMs === undefined ? undefined : setTimeout(resolve, patienceMs);
        ring = () => (clearTimeout(timer), resolve());
        if (signal.aborted) ring();
      }),
    isOver: () => root.feed.state !== 'open' && headOf(root) === undefined && mayEnd(),
    isGone: () => root.feed.state === 'gone',
    close: () => {
      signal.removeEventListener('abort', onAbort);
      for (const { release } of tracks.values()) release();
    },
  };

  /** Of several events at one position only the last moves the cursor, so that none is lost to a reader that breaks off. */
  function deliver(track: Track, entry: FeedEntry): CursoredEvent {
    track.index += 1;
    if (track.feed.entries[track.index]?.position !== entry.position) cursor.set(track.key, entry.position);
    return { id: encodeCursor(cursor), event: entry.event };
  }
}
