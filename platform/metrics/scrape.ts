import { setTimeout as delay } from 'node:timers/promises';
import type { Metrics } from './metrics.ts';

/** Something that is asked for at each scrape, such as the database. */
export interface Source {
  /** A word of ours, for `clancy_scrape_errors_total`. */
  readonly name: string;
  /** Sets its gauges. Rejecting clears them: better absent than wrong. */
  readonly refresh: () => Promise<void>;
  readonly clear: () => void;
}

/** Less than Prometheus' own time-out of ten seconds: a source that hangs costs its own metrics and no others. */
const SOURCE_TIMEOUT_MS = 4_000;

/** Puts the answer to a scrape together. */
export function createScrape(metrics: Pick<Metrics, 'counter'>, ownText: () => Promise<string>) {
  const errors = metrics.counter({
    name: 'clancy_scrape_errors_total',
    help: 'Scrapes in which a source (database, temporal, temporal_sdk) failed, whose metrics were left out therefore.',
    labels: { source: ['database', 'temporal', 'temporal_sdk'] },
  });
  const sources: Source[] = [];
  const appended: { name: string; read: () => Promise<string> }[] = [];
  let answering: Promise<string> | undefined;

  async function refresh({ name, refresh: work, clear }: Source): Promise<void> {
    try {
      await inTime(work());
    } catch {
      clear();
      errors.add({ source: name });
    }
  }

  async function read(name: string, work: () => Promise<string>): Promise<string> {
    try {
      return await inTime(work());
    } catch {
      errors.add({ source: name });
      return '';
    }
  }

  async function answer(): Promise<string> {
    const [texts] = await Promise.all([
      Promise.all(appended.map(({ name, read: work }) => read(name, work))),
      Promise.all(sources.map(refresh)),
    ]);
    return [await ownText(), ...texts]
      .filter((text) => text !== '')
      .map((text) => `${text.trimEnd()}\n`)
      .join('');
  }

  return {
    before: (source: Source): void => void sources.push(source),
    append: (name: string, work: () => Promise<string>): void => void appended.push({ name, read: work }),
    text: (): Promise<string> => (answering ??= answer().finally(() => (answering = undefined))),
  };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = delay(SOURCE_TIMEOUT_MS, undefined, { signal: done.signal, ref: false }).then(() => {
    throw new Error(`took longer than ${SOURCE_TIMEOUT_MS} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => undefined);
    done.abort();
  }
}
