import type { JsonObject } from '../../contracts/json.ts';
import type { PageQuery } from './answers/page.ts';
import { acceptedRunAnswer, runAnswer, runPageAnswer } from './answers/runs.ts';
import { path, send, type Service } from './http.ts';
import type { Patience } from './patience.ts';
import { readEnd, watchRun, type RunEvent, type WatchOptions } from './run-events.ts';

export interface RunQuery extends PageQuery {
  readonly employee_id?: string | undefined;
  readonly status?: string | undefined;
  /** `live` unless said otherwise, `rehearsal` or `all`. */
  readonly mode?: string | undefined;
}

/** `/v1/runs` and an employee's runs: start, follow, stop. */
export function runsClient(api: Service, patience: Patience) {
  const get = (runId: string) => send(api, { path: path`/v1/runs/${runId}`, answer: runAnswer });
  /** Answers the run as it is now. */
  const change = (verb: 'cancel' | 'terminate' | 'pause' | 'resume') => (runId: string, reason?: string) =>
    send(api, {
      method: 'POST',
      path: path`/v1/runs/${runId}/${verb}`,
      body: reason === undefined ? {} : { reason },
      answer: runAnswer,
    });
  /** Answers the run that was made out of this one. */
  const make = (verb: 'retry' | 'run-again') => (runId: string, idempotencyKey?: string) =>
    send(api, {
      method: 'POST',
      path: path`/v1/runs/${runId}/${verb}`,
      body: {},
      idempotencyKey,
      answer: acceptedRunAnswer,
    });
  return {
    start: (employeeId: string, input: JsonObject = {}, idempotencyKey?: string) =>
      send(api, {
        method: 'POST',
        path: path`/v1/employees/${employeeId}/runs`,
        body: { input },
        idempotencyKey,
        answer: acceptedRunAnswer,
      }),
    list: (query: RunQuery = {}) => send(api, { path: '/v1/runs', query: { ...query }, answer: runPageAnswer }),
    get,
    cancel: change('cancel'),
    terminate: change('terminate'),
    pause: change('pause'),
    resume: change('resume'),
    retry: make('retry'),
    runAgain: make('run-again'),
    /** Events as they happen, up to the run's last one; takes up broken connections by itself. */
    events: (runId: string, options: WatchOptions = {}): AsyncIterable<RunEvent> =>
      watchRun({ service: api, patience, getRun: get }, runId, options),
    /** A run whose last event was seen, with its recorded end, which may trail that event by seconds. */
    end: (runId: string) => readEnd({ patience, getRun: get }, runId),
  };
}
