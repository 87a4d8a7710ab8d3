import type { Place } from './search.ts';

export interface Recorder {
  readonly fetch: typeof fetch;
  /** Every answer of the recorded origins so far: headers and body. */
  answers(): Promise<Place[]>;
}

/** A fetch that keeps a copy of what these origins answer. Streams are kept up to their end. */
export function createRecorder(origins: readonly string[]): Recorder {
  const recorded: { name: string; text: Promise<string> }[] = [];
  return {
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const { origin, pathname } = new URL(response.url);
      if (origins.includes(origin)) {
        const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
        const body = response.clone().text();
        const name = `answer to ${init?.method ?? 'GET'} ${pathname}`;
        recorded.push({ name, text: body.then((text) => `${head}\n\n${text}`) });
      }
      return response;
    },
    answers: () => Promise.all(recorded.map(async ({ name, text }) => ({ name, bytes: Buffer.from(await text) }))),
  };
}
