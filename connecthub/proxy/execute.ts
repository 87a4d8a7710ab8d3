import type { ProxySuccess } from '../../contracts/run.ts';
import type { Registry } from '../providers/registry.ts';
import { findReceipt } from '../receipts/find.ts';
import type { Receipt } from '../receipts/wire.ts';
import { inFlight, refused, settling, storedRefusal, storedSuccess, success, unknownOutcome } from './answers.ts';
import { attempt, type AttemptDeps } from './attempt.ts';
import { digestOf, identifyCall, type Call, type IdentifyDeps, type RawCall } from './call.ts';
import { clear, type ClearanceDeps } from './clearance.ts';
import { findEntry, type LedgerEntry } from './ledger-entry.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { settleCall } from './settle.ts';
import { resendOf } from './settle-native.ts';
import { answerStanding } from './stands.ts';

export type ExecuteDeps = IdentifyDeps & ClearanceDeps & AttemptDeps & { registry: Registry };

/** Rounds of looking and acting before a caller is told to come back; each round follows a change by somebody. */
const MAX_ROUNDS = 6;
/** An attempt mostly ends long before its lease: whoever waits for it looks again this soon. */
const LOOK_AGAIN_MS = 2_000;

/**
 * One use of a capability, once, however often and by however many copies it is asked for (design, "Effects happen
 * once").
 *
 * @throws ClancyError with the code of what stands in the way
 */
export async function executeCall(deps: ExecuteDeps, raw: RawCall): Promise<ProxySuccess> {
  let call = await identifyCall(deps, raw);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const entry = await look(deps, call);
    const step = decideStep(call, entry);
    if (step.kind === 'variant') call = { ...call, key: step.key };
    else if (step.kind === 'settle') await settleCall(deps, call.orgId, call.key, resendOf(deps, call));
    else if (step.kind === 'attempt') {
      const done = await run(deps, call, entry);
      if (done) return done;
    } else return answer(deps, call, step);
  }
  throw inFlight(LOOK_AGAIN_MS);
}

function look(deps: ExecuteDeps, call: Call): Promise<LedgerEntry | undefined> {
  return deps.database.withOrgRead(call, (tx) => findEntry(tx, call.key));
}

function decideStep(call: Call, entry: LedgerEntry | undefined): NextStep {
  const definition = call.capability?.definition;
  return nextStep(entry, {
    callId: call.callId,
    key: call.key,
    risk: definition?.risk,
    digest: digestOf(call, definition?.version ?? 0),
    isSameAs: (stored) => stored.capability === call.qualified && stored.digest === digestOf(call, stored.capabilityVersion),
  });
}

/** Undefined: somebody else was faster or the outcome is not known, look again. */
async function run(deps: ExecuteDeps, call: Call, previous: LedgerEntry | undefined): Promise<ProxySuccess | undefined> {
  const clearance = await clear(deps, call);
  const outcome = await attempt(deps, call, clearance, previous);
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
      return storedSuccess(call, step.entry);
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
