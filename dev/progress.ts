/**
 * One line of progress of the embedded stack, as data. The caller decides how it is shown.
 *
 * `running` steps repeat while something long goes on (a build, a download); `done` closes it.
 */
export interface Step {
  readonly what: string;
  readonly state: 'running' | 'done' | 'warning';
  readonly detail?: string;
  readonly elapsedMs?: number;
}

/** Where the parts of the stack report to; injected into every one of them. */
export type Progress = (step: Step) => void;

/** For tests and callers that show nothing. */
export const silent: Progress = () => {};

/** Seconds with one decimal below a minute, else minutes and seconds: `0.8 s`, `2 min 05 s`. */
export function formatDuration(elapsedMs: number): string {
  if (elapsedMs < 59_950) return `${(elapsedMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(elapsedMs / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** A step as one terminal line: `PostgreSQL 18.4 (embedded) started in 0.8 s`. */
export function formatStep(step: Step): string {
  const detail = step.detail === undefined ? '' : `: ${step.detail}`;
  const text = `${step.state === 'warning' ? 'Warning: ' : ''}${step.what}${detail}`;
  if (step.elapsedMs === undefined) return text;
  const duration = formatDuration(step.elapsedMs);
  return step.state === 'running' ? `${text} (${duration})` : `${text} in ${duration}`;
}
