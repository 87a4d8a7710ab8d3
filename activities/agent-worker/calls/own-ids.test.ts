import { describe, expect, test } from 'vitest';
import { ClancyError } from '../../../contracts/errors.ts';
import { fakeTicket } from '../../../test/engine/fake-services.ts';
import { assertOwnIds } from './own-ids.ts';

const scope = 'emp:00000000000000000000000000_v1:2026-11-23T10:00:00.000Z';
const retry = `${scope}~r2`;
const other = 'emp:00000000000000000000000001_v1:2026-11-23T10:00:00.000Z';
const call = {
  call_id: `${scope}:skill:a:call:1`,
  capability: 'slack/slack.post',
  connection_id: 'c',
  parameters: {},
  run_id: scope,
  ticket: fakeTicket({ run_id: scope, call_scope: scope }),
};

describe('the ids of a call', () => {
  test('agree with the workflow that asks, run or skill run', () => {
    expect(() => assertOwnIds(call, scope)).not.toThrow();
    expect(() => assertOwnIds(call, `${scope}:skill:a`)).not.toThrow();
  });

  test('of a retried run are from the first run’s scope', () => {
    const again = { ...call, run_id: retry, ticket: fakeTicket({ run_id: retry, call_scope: scope }) };
    expect(() => assertOwnIds(again, `${retry}:skill:a`)).not.toThrow();
    expect(() => assertOwnIds({ ...again, call_id: `${retry}:skill:a:call:1` }, retry)).toThrow('call scope');
  });

  test.each([
    ['in another run’s workflow', call, other],
    ['with the ticket of another run', { ...call, ticket: fakeTicket({ run_id: other, call_scope: other }) }, scope],
    ['for another run', { ...call, run_id: other }, scope],
    ['of another scope', { ...call, call_id: `${other}:skill:a:call:1` }, scope],
    ['that are no ids', { ...call, call_id: 'x' }, scope],
    ['with a ticket that cannot be read', { ...call, ticket: 'garbage' }, scope],
  ])('are refused %s', (_what, input, workflowId) => {
    expect(() => assertOwnIds(input, workflowId)).toThrow(ClancyError);
  });
});
