import { ActivityFailure, TimeoutFailure, scheduleActivity } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import { shortSummary } from '../contracts/run.ts';
import type { AgentCoreActivities } from '../contracts/agent-core-activities.ts';
import { CORE_AT_ONCE, CORE_WHEN_BACK } from './activity-options.ts';
import { understood } from './failures.ts';
import type { Waiting } from './waiting.ts';

/**
 * Asks Agent-Core, for as long as it takes: when it does not answer soon, the workflow shows that it waits on it.
 * `name` is one of Agent-Core's activities; `summary` is what operators read beside it.
 */
export function askAgentCore<Name extends keyof AgentCoreActivities>(
  waiting: Waiting,
  name: Name,
  input: Parameters<AgentCoreActivities[Name]>[0],
  summary: string,
): ReturnType<AgentCoreActivities[Name]> {
  const once = (options: ActivityOptions): Promise<unknown> =>
    scheduleActivity(name, [input], { ...options, summary: shortSummary(summary) });
  // An activity called by name has no type; AgentCoreActivities is what Agent-Core's worker implements.
  return untilAnswered(waiting, once) as ReturnType<AgentCoreActivities[Name]>;
}

async function untilAnswered(waiting: Waiting, once: (options: ActivityOptions) => Promise<unknown>): Promise<unknown> {
  const first = await orAway(once(CORE_AT_ONCE));
  if (first !== AWAY) return first;
  return waiting.during('agent-core', async () => {
    for (;;) {
      const answer = await orAway(once(CORE_WHEN_BACK));
      if (answer !== AWAY) return answer;
    }
  });
}

const AWAY = Symbol('away');

async function orAway(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ActivityFailure && (error.cause instanceof TimeoutFailure || error.retryState === 'TIMEOUT'))
      return AWAY;
    throw understood(error);
  }
}
