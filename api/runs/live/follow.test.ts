import { expect, test } from 'vitest';
import type { AgentEvent } from '../../../contracts/events.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { ChildRef, Feed, FeedEntry } from './feed.ts';
import { follow, type CursoredEvent } from './follow.ts';

const RUN = 'emp:run';
const CHILD = `${RUN}:skill:a`;

/** A feed that grows by hand. */
function handFeed(workflowId: string) {
  const listeners = new Set<() => void>();
  const state = { entries: [] as FeedEntry[], children: [] as ChildRef[], state: 'open' as Feed['state'] };
  const tell = (): void => listeners.forEach((listener) => listener());
  const feed: Feed = {
    workflowId,
    get entries() {
      return state.entries;
    },
    get children() {
      return state.children;
    },
    get state() {
      return state.state;
    },
    onChange: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
    stop: () => undefined,
  };
  return {
    feed,
    add: (position: number, kind: AgentEvent['kind'], at: string) => {
      const event = { event_id: `${workflowId}#${position}`, kind, timestamp: at } as AgentEvent;
      state.entries.push({ position, event });
      tell();
    },
    start: (child: string) => (state.children.push({ workflowId: child, runId: '1' }), tell()),
    end: (how: 'closed' | 'gone') => ((state.state = how), tell()),
    isHeld: () => listeners.size > 0,
  };
}

function setUp(cursor = new Map<string, number>(), patienceMs = 60_000) {
  const feeds = { [RUN]: handFeed(RUN), [CHILD]: handFeed(CHILD) };
  const stop = new AbortController();
  const events = follow({
    run: { workflowId: RUN, runId: '1' },
    cursor,
    hold: ({ workflowId }) => ({ feed: feeds[workflowId as typeof RUN].feed, letGo: () => undefined }),
    signal: stop.signal,
    patienceMs,
  });
  return { root: feeds[RUN], child: feeds[CHILD], events, stop };
}

async function all(events: AsyncGenerator<CursoredEvent, 'ended' | 'gone'>): Promise<CursoredEvent[]> {
  const got: CursoredEvent[] = [];
  for await (const event of events) got.push(event);
  return got;
}
const idsOf = (events: CursoredEvent[]): string[] => events.map(({ event }) => event.event_id.slice(RUN.length));

function fill({ root, child }: Pick<ReturnType<typeof setUp>, 'root' | 'child'>): void {
  root.add(1, 'run.started', '01');
  root.start(CHILD);
  child.add(1, 'skill.started', '02');
  child.add(5, 'micro_agent.completed', '03');
  child.add(5, 'skill.completed', '03');
  root.add(9, 'run.completed', '04');
  child.end('closed');
  root.end('closed');
}

test('events come by time, the end of the run last', async () => {
  const run = setUp();
  fill(run);
  expect(idsOf(await all(run.events))).toEqual(['#1', ':skill:a#1', ':skill:a#5', ':skill:a#5', '#9']);
  expect([run.root.isHeld(), run.child.isHeld()]).toEqual([false, false]);
});

test('the end of the run waits for a skill that is still told', async () => {
  const run = setUp();
  run.root.add(1, 'run.started', '01');
  run.root.start(CHILD);
  run.root.add(9, 'run.completed', '02');
  run.root.end('closed');
  const reading = all(run.events);
  await Promise.resolve();
  run.child.add(4, 'skill.completed', '03');
  run.child.end('closed');
  expect(idsOf(await reading)).toEqual(['#1', ':skill:a#4', '#9']);
});

test('a skill whose end never comes does not keep the end of the run for ever', async () => {
  const run = setUp(new Map(), 1);
  run.root.start(CHILD);
  run.root.add(9, 'run.interrupted', '02');
  run.root.end('closed');
  expect(idsOf(await all(run.events))).toEqual(['#9']);
});

test('resuming by the id of any event gives exactly what is behind it, a repetition within one position aside', async () => {
  const first = setUp();
  fill(first);
  const told = await all(first.events);
  for (let i = 0; i < told.length; i += 1) {
    const again = setUp(decodeCursor(told[i]!.id));
    fill(again);
    const rest = idsOf(await all(again.events));
    const isMidPosition = told[i + 1]?.event.event_id === told[i]!.event.event_id;
    expect(rest).toEqual(idsOf(told.slice(isMidPosition ? i : i + 1)));
  }
});

test('a history that is gone is said to be', async () => {
  const run = setUp();
  run.root.end('gone');
  expect(await run.events.next()).toEqual({ done: true, value: 'gone' });
});

test('a reader that leaves ends the reading', async () => {
  const run = setUp();
  const next = run.events.next();
  run.stop.abort();
  expect(await next).toEqual({ done: true, value: 'ended' });
});

test('a cursor is read back; what is none is refused', () => {
  const cursor = new Map([
    ['', 3],
    [':skill:a', 1_000_002],
  ]);
  expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  expect(decodeCursor(undefined)).toEqual(new Map());
  for (const text of [
    'nonsense',
    'W10',
    Buffer.from('{"":-1}').toString('base64url'),
    Buffer.from('{"":"1"}').toString('base64url'),
  ]) {
    expect(() => decodeCursor(text)).toThrow('Last-Event-ID');
  }
});
