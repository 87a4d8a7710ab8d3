import type { Deprecation } from '../../contracts/capability.ts';
import type { ProxySuccess } from '../../contracts/call.ts';
import type { BlobClient } from '../../platform/blobs/client.ts';
import { describeSpan, withLogFields } from '../../platform/telemetry/spans.ts';
import { fetchFiles } from '../files/fetch-files.ts';
import { tooManyInMinute } from '../limits/quota-of-calls.ts';
import type { Rate } from '../limits/rate.ts';
import { PATIENCE_MS, refusalOf, waitForTurn } from '../limits/turn.ts';
import type { CallMetrics } from '../metrics/call-metrics.ts';
import type { Registry } from '../providers/registry.ts';
import { rehearseCall } from '../rehearsal/rehearse-call.ts';
import { findReceipt } from '../receipts/find.ts';
import type { Receipt } from '../receipts/wire.ts';
import { inFlight, refused, settling, storedRefusal, storedSuccess, success, unknownOutcome } from './answers.ts';
import { attempt, type AttemptDeps } from './attempt.ts';
import { begin, type BeginDeps, type Beginning, type Begun } from './begin.ts';
import { beginAtOnce } from './begin-at-once.ts';
import { identifyCall, scopeOf, tokenRowOfCall, type Call, type IdentifyDeps, type RawCall } from './call.ts';
import { checkParameters, judgeRules, subjectOf, type ClearanceDeps } from './clearance.ts';
import { decideAtOnce } from './decide.ts';
import type { NextStep } from './next-step.ts';
import type { FoundOut } from './ready.ts';
import type { RulesAtHand } from './rules-at-hand.ts';
import { settleCall } from './settle.ts';
import { resendOf } from './settle-native.ts';
import type { Seal, SecretBox } from '../../platform/secrets/secret-box.ts';
import { answerStanding } from './stands.ts';

export type ExecuteDeps = IdentifyDeps &
  ClearanceDeps &
  BeginDeps &
  AttemptDeps & {
    registry: Registry;
    rules: RulesAtHand;
    metrics: CallMetrics;
    secretBox: SecretBox;
    blobs: Pick<BlobClient, 'get'>;
  };

/** Rounds of looking and acting before a caller is told to come back; each follows a change by somebody or a finding of ours. */
const MAX_ROUNDS = 8;
/** An attempt mostly ends long before its lease: whoever waits for it looks again this soon. */
const LOOK_AGAIN_MS = 2_000;

/**
 * One use of a capability, once, however often and by however many copies it is asked for (design, "Effects happen
 * once").
 *
 * @param onDeprecated hears of it before the call is made, where the capability is on its way out
 * @throws ClancyError with the code of what stands in the way
 */
export async function executeCall(
  deps: ExecuteDeps,
  raw: RawCall,
  onDeprecated: (deprecation: Deprecation) => void,
): Promise<ProxySuccess> {
  const call = await identifyCall(deps, raw);
  const deprecation = call.capability?.definition.deprecated;
  if (deprecation) onDeprecated(deprecation);
  describeSpan({
    'clancy.run_id': call.ticket.runId,
    'clancy.call_id': call.callId,
    'clancy.capability': call.qualified,
  });
  return withLogFields({ run_id: call.ticket.runId, call_id: call.callId }, () => {
    const make = () => makeCall(deps, call);
    return call.ticket.mode === 'rehearsal' ? rehearseCall(deps, call, make) : make();
  });
}

async function makeCall(deps: ExecuteDeps, asked: Call): Promise<ProxySuccess> {
  let call = asked;
  let foundOut = await foresee(deps, call);
  // What it will be answered is kept sealed: whether that can be done is found out before anything is sent.
  const seal = await deps.secretBox.sealerOf(call.orgId);
  const atOnce = call.ticket.mode === 'live' ? await beginAtOnce(deps, call, foundOut) : undefined;
  const doneAtOnce = atOnce && (await send(deps, call, atOnce, seal));
  if (doneAtOnce) return doneAtOnce;
  const patience = createPatience();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const step = await begin(deps, call, foundOut);
    if (step.kind === 'variant') call = { ...call, key: step.key };
    else if (step.kind === 'settle') await settleCall(deps, call.orgId, call.key, resendOf(deps, call));
    else if (step.kind === 'to_judge' || step.kind === 'to_open_token' || step.kind === 'to_fetch_files')
      foundOut = await findOut(deps, call, foundOut, step);
    else if (step.kind === 'no_share') {
      await comeToTurn(deps, call, step.rates, patience.leftMs());
      foundOut = { ...foundOut, inTurn: true };
    } else if (step.kind === 'begun') {
      const done = await send(deps, call, step, seal);
      if (done) return done;
    } else if (step.kind !== 'overtaken') return answer(deps, call, step);
  }
  throw inFlight(LOOK_AGAIN_MS);
}

/** The word of conditions that the transaction would only ask for, where the rules are known from the call before. */
async function foresee(deps: ExecuteDeps, call: Call): Promise<FoundOut> {
  const rules = deps.rules.find(call.ticket);
  const { capability } = call;
  if (!rules || !capability || decideAtOnce(rules, subjectOf(capability))) return {};
  return { judged: { rules, decision: await judgeRules(deps, call, capability, rules) } };
}

/** What may take longer than a transaction should last. */
async function findOut(
  deps: ExecuteDeps,
  call: Call,
  before: FoundOut,
  step: Beginning & { kind: 'to_judge' | 'to_open_token' | 'to_fetch_files' },
): Promise<FoundOut> {
  if (step.kind === 'to_open_token') return { ...before, token: await deps.tokens.current(call.orgId, tokenRowOfCall(call)) };
  if (step.kind === 'to_fetch_files') return { ...before, files: await fetchFiles(deps.blobs, call) };
  const { rules } = step;
  deps.rules.keep(call.ticket, rules);
  return { ...before, judged: { rules, decision: await judgeRules(deps, call, checkParameters(call), rules) } };
}

/** @throws ClancyError `provider_rate_limited`, `calls_limited` where the wait is no matter of moments */
async function comeToTurn(deps: ExecuteDeps, call: Call, rates: readonly Rate[], patienceMs: number): Promise<void> {
  const startedAtMs = performance.now();
  const sent = await waitForTurn(deps.database, scopeOf(call), rates, patienceMs);
  deps.metrics.waited(call.capability, { isSentAway: sent !== undefined, ms: performance.now() - startedAtMs });
  if (sent) throw sent.rate.connectionId === '' ? tooManyInMinute(sent.rate, sent.waitMs) : refused(call, refusalOf(sent));
}

/** How much of a call's patience is left. It begins with the first wait. */
function createPatience(): { leftMs: () => number } {
  let endsAtMs: number | undefined;
  return { leftMs: () => (endsAtMs ??= performance.now() + PATIENCE_MS) - performance.now() };
}

/** Undefined: somebody else took over or the outcome is not known, look again. */
async function send(deps: ExecuteDeps, call: Call, begun: Begun, seal: Seal): Promise<ProxySuccess | undefined> {
  const startedAtMs = performance.now();
  const outcome = await attempt(deps, call, begun, seal);
  if (outcome) deps.metrics.attempted(begun.clearance.capability, outcome, performance.now() - startedAtMs);
  switch (outcome?.state) {
    case undefined:
    case 'maybe':
      // The ledger says what became of it, or when that can be found out.
      return undefined;
    case 'succeeded':
      return success(call, outcome, false);
    case 'refused':
      throw refused(call, outcome.refusal);
  }
}

async function answer(
  deps: ExecuteDeps,
  call: Call,
  step: Exclude<NextStep, { kind: 'attempt' | 'settle' | 'variant' }>,
): Promise<ProxySuccess> {
  switch (step.kind) {
    case 'replay':
      return storedSuccess(deps.secretBox, call, step.entry);
    case 'refuse':
      throw storedRefusal(call, step.entry);
    case 'in_flight':
      throw inFlight(Math.min(step.retryAfterMs, LOOK_AGAIN_MS));
    case 'settling':
      throw settling(step.retryAfterMs);
    case 'unknown':
      throw unknownOutcome(await receiptOf(deps, call));
    case 'conflict':
      return answerStanding(deps, call, step.entry);
  }
}

function receiptOf(deps: ExecuteDeps, call: Call): Promise<Receipt> {
  return deps.database.withOrgRead(call, (tx) => findReceipt(tx, call.key));
}
