import { ClancyError, ERROR_CODES, type ErrorCode } from '../../contracts/errors.ts';
import type { ProxySuccess } from '../../contracts/call.ts';
import { OTHER } from '../../platform/metrics/labels.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';
import type { Capability, Registry } from '../providers/registry.ts';
import type { Outcome } from '../proxy/outcome.ts';

type Answered = Pick<ProxySuccess, 'replayed' | 'rehearsed'>;

/** The calls of employees, as they are answered and as providers answer them. */
export interface CallMetrics {
  /** One answer to a call. The names are as the caller gave them. */
  answered(provider: string, capability: string, answer: Answered | ClancyError): void;
  /** One attempt at a provider, until its outcome is recorded. */
  attempted(capability: Capability, outcome: Outcome, ms: number): void;
  /** A wait for a share of a limit, ours or the provider's; `isSentAway`: it would have been too long. */
  waited(capability: Capability | undefined, wait: { isSentAway: boolean; ms: number }): void;
}

/** Codes that say that the call goes on, each with the word for it; every other code is a refusal. */
const GOES_ON: ReadonlyMap<ErrorCode, string> = new Map([
  ['outcome_unknown', 'unknown'],
  ['call_settling', 'maybe'],
  ['call_in_flight', 'in_flight'],
]);
const OUTCOMES = ['succeeded', 'replayed', 'refused', 'maybe', 'unknown', 'in_flight', 'rehearsed'] as const;
const UNKNOWN = { provider: OTHER, capability: OTHER };
/** Providers answer in a tenth of a second to ten; their time-outs are longer. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function callMetrics(metrics: Metrics, registry: Registry): CallMetrics {
  const providers = registry.providers.map(({ definition }) => definition.id);
  const capabilities = registry.providers.flatMap((provider) =>
    registry.capabilitiesOf(provider).map(({ definition }) => definition.capability),
  );
  const calls = metrics.counter({
    name: 'clancy_calls_total',
    help: 'Answers to calls of employees. `replayed`: it had succeeded before; `maybe`: being found out; `unknown`: a person must look; `rehearsed`: not made.',
    labels: { provider: providers, capability: capabilities, outcome: OUTCOMES },
  });
  const refusals = metrics.counter({
    name: 'clancy_call_refusals_total',
    help: 'Calls that were refused, by us before anything was sent or by the provider, by code.',
    labels: { provider: providers, code: ERROR_CODES },
  });
  const durations = metrics.histogram({
    name: 'clancy_provider_duration_seconds',
    help: 'Time of attempts at providers, by their outcome.',
    labels: { provider: providers, outcome: ['succeeded', 'refused', 'maybe'] },
    buckets: BUCKETS,
  });
  const limited = metrics.counter({
    name: 'clancy_provider_rate_limited_total',
    help: 'Attempts that a provider answered with 429 or its own word for it.',
    labels: { provider: providers },
  });
  const waits = metrics.histogram({
    name: 'clancy_limit_wait_seconds',
    help: "Time that calls waited for their turn within a provider's limits or the organisation's. `sent_away`: told to come back later.",
    labels: { provider: providers, outcome: ['turn', 'sent_away'] },
    buckets: BUCKETS,
  });
  return {
    answered: (provider, capability, answer) => {
      const names = registry.capability(`${provider}/${capability}`) ? { provider, capability } : UNKNOWN;
      calls.add({ ...names, outcome: outcomeOf(answer) });
      const isRefusal = answer instanceof ClancyError && !GOES_ON.has(answer.code);
      if (isRefusal) refusals.add({ provider: names.provider, code: answer.code });
    },
    attempted: ({ provider: { definition } }, outcome, ms) => {
      const provider = definition.id;
      durations.observe({ provider, outcome: outcome.state }, ms / 1_000);
      const isLimited = outcome.state === 'refused' && outcome.refusal.code === 'provider_rate_limited';
      if (isLimited) limited.add({ provider });
    },
    waited: (capability, { isSentAway, ms }) =>
      waits.observe({ provider: capability?.provider.definition.id, outcome: isSentAway ? 'sent_away' : 'turn' }, ms / 1_000),
  };
}

function outcomeOf(answer: Answered | ClancyError): string {
  if (answer instanceof ClancyError) return GOES_ON.get(answer.code) ?? 'refused';
  if (answer.rehearsed === true) return 'rehearsed';
  return answer.replayed ? 'replayed' : 'succeeded';
}
