import { z } from 'zod';

/** RFC 9457 body as the services write it (platform/http/problems.ts), read tolerantly: codes may be newer than we are. */
export const problemSchema = z.looseObject({
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  instance: z.string().optional(),
  fields: z.array(z.looseObject({ field: z.string(), message: z.string() })).optional(),
  next: z.string().optional(),
});
export type ProblemAnswer = z.infer<typeof problemSchema>;

/** The service understood the request and refused it. */
export class ProblemError extends Error {
  readonly problem: ProblemAnswer;
  /** From `Retry-After`, in seconds, where the service named a time. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: ProblemAnswer, retryAfterSeconds?: number) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** Nothing came back, or nothing that a Clancy service would say (a proxy's error page, another program on that port). */
export class UnreachableError extends Error {
  readonly url: string;

  constructor(url: string, reason: string, cause?: unknown) {
    super(`${new URL(url).origin} ${reason}`, cause === undefined ? undefined : { cause });
    this.name = 'UnreachableError';
    this.url = url;
  }
}
