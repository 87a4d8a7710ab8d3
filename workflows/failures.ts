import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  isCancellation,
} from '@temporalio/workflow';
import { ERROR_CODES } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';

/** An expected failure of a skill or a run: its code stands in the result. Anything else fails the workflow task instead. */
export class RunFailure extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'RunFailure';
    this.code = code;
  }
}

/** A skill run that somebody stopped alone, while its run goes on. */
export class SkillInterrupted extends Error {
  override readonly name = 'SkillInterrupted';
}

/** Codes by which a run was stopped by a limit rather than by what it met: it counts as interrupted. */
const LIMITS: ReadonlySet<string> = new Set<ErrorCode>(['budget_exceeded', 'quota_exceeded', 'timed_out']);

export function isLimit(code: ErrorCode): boolean {
  return LIMITS.has(code);
}

/**
 * A foreseen end of a workflow. Its message says what the matter is; the lines of code that made it tell operators nothing,
 * so it has no stack.
 */
export function foreseen(end: { type: string; message: string; details?: unknown[] }): ApplicationFailure {
  const failure = ApplicationFailure.create({ ...end, nonRetryable: true });
  failure.stack = `${failure.name}: ${failure.message}`;
  return failure;
}

/**
 * Reads what came back from an activity or a child workflow: an expected failure or a cancellation as such, anything else
 * as an error that fails the workflow task, so that a bad deploy kills no run.
 */
export function understood(error: unknown): unknown {
  if (isCancellation(error) && !(error instanceof ChildWorkflowFailure)) return error;
  if (
    error instanceof ChildWorkflowFailure &&
    (error.cause instanceof CancelledFailure || error.cause instanceof TerminatedFailure)
  ) {
    return new SkillInterrupted(`the skill run ${error.execution.workflowId} was stopped`);
  }
  // What a local activity failed with comes as it is; the SDK wraps it for other activities and for children.
  const isWrapped = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
  const cause = isWrapped ? error.cause : error;
  if (!isWrapped && !(cause instanceof ApplicationFailure)) return error;
  const code = cause instanceof ApplicationFailure ? codeOf(cause.type) : undefined;
  if (code) return new RunFailure(code, cause instanceof Error ? cause.message : code);
  return new Error(`engine: ${messageOf(cause) ?? messageOf(error)}`);
}

function messageOf(error: unknown): string | undefined {
  return error instanceof Error ? error.message : undefined;
}

function codeOf(type: string | undefined | null): ErrorCode | undefined {
  return ERROR_CODES.find((code) => code === type);
}
