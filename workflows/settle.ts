import { isCancellation } from '@temporalio/workflow';
import { assertGoingOn } from './skill.ts';
import type { Skill } from './skill.ts';

/**
 * Runs `work` for all of `inputs` at once and gives the answers in order. When one fails, those that only wait are ended,
 * those with a call under way are let finish, and then the first failure in the order of `inputs` is thrown.
 */
export function settleAll<T, R>(skill: Skill, inputs: T[], work: (input: T, index: number) => Promise<R>): Promise<R[]> {
  return settleSome(skill, inputs, inputs.length, work);
}

/** The same with at most `parallel` at once; after a failure no further one is begun. */
export async function settleSome<T, R>(
  skill: Skill,
  inputs: T[],
  parallel: number,
  work: (input: T, index: number) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = [];
  const failures: { index: number; error: unknown }[] = [];
  const queue = [...inputs.entries()];

  async function drain(): Promise<void> {
    for (let next = queue.shift(); next && !skill.hasFailed; next = queue.shift()) {
      const [index, input] = next;
      try {
        answers[index] = await work(input, index);
      } catch (error) {
        failures.push({ index, error });
        giveUp(skill);
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(parallel, inputs.length) }, drain));
  if (failures.length > 0) throw worst(failures);
  assertGoingOn(skill);
  return answers;
}

function giveUp(skill: Skill): void {
  skill.hasFailed = true;
  skill.standing.cancel();
}

function worst(failures: { index: number; error: unknown }[]): unknown {
  const inOrder = failures.toSorted((a, b) => a.index - b.index).map(({ error }) => error);
  return inOrder.find((error) => !isCancellation(error)) ?? inOrder[0];
}
