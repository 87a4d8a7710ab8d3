import { CancelledFailure, isCancellation } from '@temporalio/workflow';
import { describe, expect, test } from 'vitest';
import { RunFailure } from './failures.ts';
import { settleAll } from './settle.ts';
import { assertGoingOn } from './skill.ts';

type Skill = Parameters<typeof settleAll>[0];

/** As much of a skill as settling needs. */
function skillOf(): Skill {
  return { hasFailed: false, standing: { cancel: () => undefined } } as unknown as Skill;
}

/** The first piece of work ends after the second, and goes on only if nothing has failed. */
async function failureOf(second: unknown): Promise<unknown> {
  const skill = skillOf();
  let release = (): void => undefined;
  const later = new Promise<void>((resolve) => (release = resolve));
  const works = [
    async () => {
      await later;
      assertGoingOn(skill);
    },
    async () => {
      queueMicrotask(release);
      throw second;
    },
  ];
  return settleAll(skill, works, (work) => work()).catch((error: unknown) => error);
}

describe('of works that end together', () => {
  test('the failure is thrown, not that another was given up for it', async () => {
    const failure = new RunFailure('policy_denied', 'no');
    expect(await failureOf(failure)).toBe(failure);
  });

  test('one that was cancelled makes a cancellation of the whole, whichever is first', async () => {
    expect(isCancellation(await failureOf(new CancelledFailure('the run was cancelled')))).toBe(true);
  });
});
