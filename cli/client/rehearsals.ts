import type { JsonObject } from '../../contracts/json.ts';
import { acceptedRehearsalAnswer, rehearsalAnswer } from './answers/rehearsals.ts';
import { path, send, type Service } from './http.ts';

export interface NewRehearsal {
  /** An example of what the run is about; or, instead, an earlier run whose input is taken. */
  readonly input?: JsonObject | undefined;
  readonly fromRun?: string | undefined;
  readonly reads?: string | undefined;
  readonly approvals?:
    | { readonly answer?: string | undefined; readonly capabilities?: { readonly [capability: string]: string } | undefined }
    | undefined;
  /** Connection id per provider, where a provider has several connections. */
  readonly connections?: { readonly [provider: string]: string } | undefined;
  readonly compare?: boolean | undefined;
}

/** Runs that only show what a version would do. */
export function rehearsalsClient(api: Service) {
  return {
    start: (employeeId: string, version: number, { fromRun, ...rehearsal }: NewRehearsal, idempotencyKey?: string) =>
      send(api, {
        method: 'POST',
        path: path`/v1/employees/${employeeId}/versions/${version}/rehearse`,
        body: { ...rehearsal, ...(fromRun !== undefined && { from_run: fromRun }) },
        idempotencyKey,
        answer: acceptedRehearsalAnswer,
      }),
    get: (runId: string) => send(api, { path: path`/v1/runs/${runId}/rehearsal`, answer: rehearsalAnswer }),
  };
}
