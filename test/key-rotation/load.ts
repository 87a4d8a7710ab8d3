import { setTimeout as delay } from 'node:timers/promises';
import type { Office } from '../../connecthub/testing/office.ts';
import { call, type Answered, type Ground } from './ground.ts';

export interface Load {
  /** Ends it; how many calls were made, and the answers of those that failed. */
  stop(): Promise<{ calls: number; perSecond: number; repeated: number; failed: Answered[] }>;
}

/** Each tenth call asks again for the result of one that was made a while ago, of another copy. */
const REPEAT_EACH = 10;
const POST_EACH = 3;
/** A machine that cannot keep up gets a lower rate, not a queue that outlasts every time-out. */
const UNDER_WAY = 20;

/** Calls of all offices in turn at all copies in turn, at this rate where the machine keeps up. */
export function startLoad({ urls }: Ground, offices: readonly Office[], perSecond: number): Load {
  const failed: Answered[] = [];
  const made: { office: Office; callId: string; n: number; result: unknown }[] = [];
  const running = new Set<Promise<void>>();
  let calls = 0;
  let repeated = 0;
  const over = new AbortController();

  async function makeOne(n: number): Promise<void> {
    const office = offices[n % offices.length]!;
    const callId = office.callId();
    const answer = await call(urls[n % urls.length]!, office, { callId, ...wanted(n) });
    if (answer.status !== 200) failed.push(answer);
    else made.push({ office, callId, n, result: answer.body['result'] });
  }

  async function repeatOne(n: number): Promise<void> {
    const before = made[Math.floor(made.length / 2)];
    if (!before) return;
    repeated += 1;
    const { office, callId, result } = before;
    const answer = await call(urls[n % urls.length]!, office, { callId, ...wanted(before.n) });
    const isSame = answer.status === 200 && JSON.stringify(answer.body['result']) === JSON.stringify(result);
    if (!isSame) failed.push(answer);
  }

  async function press(): Promise<void> {
    while (!over.signal.aborted) {
      for (; running.size < UNDER_WAY && calls < secondsSince(startedAtMs) * perSecond; calls += 1) {
        const one = (calls % REPEAT_EACH === REPEAT_EACH - 1 ? repeatOne(calls) : makeOne(calls)).catch((error: unknown) => {
          failed.push({ status: 0, body: { error: String(error) } });
        });
        running.add(one);
        void one.finally(() => running.delete(one));
      }
      await delay(5);
    }
    await Promise.all(running);
  }

  const startedAtMs = performance.now();
  const pressing = press();
  return {
    stop: async () => {
      over.abort();
      await pressing;
      return { calls, perSecond: calls / secondsSince(startedAtMs), repeated, failed };
    },
  };
}

const secondsSince = (ms: number): number => (performance.now() - ms) / 1_000;

function wanted(n: number): { capability: string; parameters: object } {
  if (n % POST_EACH === 0) return { capability: 'slack.post', parameters: { channel: '#billing', text: `number ${n}` } };
  return { capability: 'slack.channels.list', parameters: {} };
}
