import { expect, test } from 'vitest';
import type { OutboxRow } from './append.ts';
import type { Start } from './handlers/start-run.ts';
import type { OutboxHandler } from './relay.ts';
import { createRunStarter } from './run-starter.ts';

const message: OutboxRow = {
  orgId: 'org_1',
  id: 1,
  runId: 'run',
  seq: 1,
  kind: 'start_run',
  payload: {},
  createdAt: new Date(0),
  leaseOwner: 'us',
  leaseUntil: new Date(0),
  attempts: 1,
  lastError: null,
  sentAt: null,
};
const start: Start = {
  input: {} as Start['input'],
  claims: { runId: 'run' } as Start['claims'],
  employeeName: 'Ann',
  traceparent: null,
};

function starter() {
  const seen = { started: [] as unknown[], woken: 0, sent: [] as OutboxHandler[] };
  const runStarter = createRunStarter({
    engine: { start: async (...given) => (seen.started.push(given), { temporalRunId: 't', isOurs: true }) },
    signTicket: async ({ runId }) => `ticket of ${runId}`,
    relay: {
      claim: () => ({ owner: 'us', leaseMs: 1 }),
      send: (_row, handler) => void seen.sent.push(handler),
      wake: () => void (seen.woken += 1),
    },
  });
  return { runStarter, seen };
}

test('a claimed run is started with what is at hand, and nobody has to look for it', async () => {
  const { runStarter, seen } = starter();
  runStarter.committed({ message, start });
  await seen.sent[0]?.(message);
  expect(seen.started).toEqual([[{ ticket: 'ticket of run' }, { employeeName: 'Ann', traceparent: null }]]);
  expect(seen.woken).toBe(0);
});

test.each([
  ['nothing was accepted', undefined],
  ['its message is not ours', { message: { ...message, leaseOwner: null }, start }],
  ['it cannot be started yet', { message }],
])('the relay looks when %s', (_, order) => {
  const { runStarter, seen } = starter();
  runStarter.committed(order);
  expect(seen).toEqual({ started: [], woken: 1, sent: [] });
});
