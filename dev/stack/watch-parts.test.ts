import { expect, it } from 'vitest';
import { watchParts, type WatchedPart } from './watch-parts.ts';

type Exit = Awaited<ReturnType<WatchedPart['waitForExit']>>;

function part(name: string): { part: WatchedPart; exits: (exit: Exit) => Promise<unknown> } {
  let resolve: (exit: Exit) => void = () => undefined;
  const exit = new Promise<Exit>((settle) => {
    resolve = settle;
  });
  return {
    part: { name, logFile: `/stack/${name}.log`, waitForExit: () => exit },
    exits: (how) => {
      resolve(how);
      return exit;
    },
  };
}

it('tells of each part that ends by itself, and of none that is stopped', async () => {
  const told: string[] = [];
  const postgres = part('PostgreSQL');
  const worker = part('worker');
  const watch = watchParts([postgres.part, worker.part], (message) => told.push(message));
  await postgres.exits({ code: null, signal: 'SIGKILL' });
  expect(told).toEqual([expect.stringContaining('PostgreSQL has ended (SIGKILL). Its log is /stack/PostgreSQL.log')]);

  watch.end();
  await worker.exits({ code: 0, signal: null });
  expect(told).toHaveLength(1);
});
