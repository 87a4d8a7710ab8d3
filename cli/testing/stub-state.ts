import type { IncomingHttpHeaders } from 'node:http';
import * as fixtures from './fixtures.ts';
import type { Answer } from './stub-route.ts';

/** What the stub remembers, and how a test bends it. */
export interface StubState {
  url: string;
  readonly requests: { line: string; headers: IncomingHttpHeaders }[];
  readonly unknownRoutes: string[];
  /** Answers for the next requests, whatever they are. */
  readonly refuseNext: Answer[];
  /** Employees made, by idempotency key. */
  readonly created: Map<string, object>;
  /** Bodies that new versions were asked for with. */
  readonly revisions: object[];
  employee: typeof fixtures.employee;
  run: typeof fixtures.run & { result: typeof fixtures.executionResult | null };
  events: ReturnType<typeof fixtures.event>[];
  /** After how many events each connection of the stream breaks; from then on, none does. */
  readonly breaks: number[];
  /** Called at each connection of the stream. */
  onStream: () => void;
  approval: typeof fixtures.approval;
  grant: typeof fixtures.grant;
  receipt: typeof fixtures.receipt;
  connections: (typeof fixtures.connection)[];
  /** An audit entry that was changed after it was sealed. */
  tampered?: string;
  /** Where the consent is given; elsewhere than the stub in one test. */
  consentOrigin: string | undefined;
}

export function createState(): StubState {
  return {
    url: 'http://127.0.0.1',
    requests: [],
    unknownRoutes: [],
    refuseNext: [],
    created: new Map(),
    revisions: [],
    employee: { ...fixtures.employee },
    run: { ...fixtures.run, result: null },
    events: [
      fixtures.event(1, 'run.started'),
      fixtures.event(2, 'call.requested', { capability: 'slack.post' }, `${fixtures.RUN_ID}:skill:post_digest`),
      fixtures.event(3, 'call.succeeded', { capability: 'slack.post' }, `${fixtures.RUN_ID}:skill:post_digest`),
      fixtures.event(4, 'run.completed'),
    ],
    breaks: [],
    onStream: () => {},
    approval: { ...fixtures.approval },
    grant: { ...fixtures.grant },
    receipt: { ...fixtures.receipt },
    connections: [],
    consentOrigin: undefined,
  };
}

/** The run's row at its end. */
export function endRun(state: StubState, status: 'completed' | 'failed'): void {
  state.run = {
    ...state.run,
    status,
    finished_at: '2025-06-09T18:00:02.500Z',
    error_code: status === 'failed' ? 'provider_refused' : null,
    result: { ...fixtures.executionResult, status },
  };
}
