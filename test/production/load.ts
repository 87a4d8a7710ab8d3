import type { Child } from '../../dev/processes/spawn-child.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';

const CLIENTS = 4;

export interface Drained {
  readonly failures: readonly string[];
  /** Whether a request was answered that came after `/ready` had said no. */
  readonly servesOn: boolean;
  readonly exitCode: number | null;
  /** From the signal to the end of the process. */
  readonly tookMs: number;
}

/** Ends a service while clients use it through a balancer: one that sends them on until `/ready` says no. */
export async function stopUnderLoad(child: Child, url: string, ask: () => Promise<Response>): Promise<Drained> {
  const balancer = { isReady: true };
  const failures: string[] = [];
  let served = 0;
  const client = async (): Promise<void> => {
    while (balancer.isReady) {
      const outcome = await outcomeOf(ask);
      if (outcome !== 'answered') failures.push(outcome);
      served += 1;
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  await waitUntil(() => served > CLIENTS, { timeoutMs: 30_000, what: 'the first answers' });
  const signalledAt = performance.now();
  const exit = child.stop();
  await waitUntil(async () => !(await fetch(`${url}/ready`)).ok, { timeoutMs: 30_000, what: 'readiness to go off' });
  const servesOn = (await outcomeOf(ask)) === 'answered';
  balancer.isReady = false;
  await Promise.all(clients);
  const { code } = await exit;
  return { failures, servesOn, exitCode: code, tookMs: performance.now() - signalledAt };
}

async function outcomeOf(ask: () => Promise<Response>): Promise<string> {
  try {
    const answer = await ask();
    await answer.arrayBuffer();
    return answer.ok ? 'answered' : `status ${answer.status}`;
  } catch (error) {
    return String(error);
  }
}
