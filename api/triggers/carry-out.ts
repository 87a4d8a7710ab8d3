import type { TriggerAnswer, TriggerCandidate } from '../../contracts/trigger.ts';
import type { OrgTx } from '../../db/client.ts';
import type { Choice } from '../supervisor/choose.ts';
import { refusalOf } from '../facts/triggers/loop-protection.ts';
import type { TriggerRow } from './find.ts';
import type { NewTrigger } from './new-trigger.ts';
import { behalfOf, type Behalf } from './principal.ts';
import { startFor, tryStart, type Started, type StartRunsDeps } from './start-runs.ts';

export interface CarriedOut extends Pick<TriggerRow, 'rule' | 'reason' | 'candidates'> {
  decision: Exclude<TriggerAnswer['decision'], 'duplicate'>;
  started: Started[];
}

interface Able {
  candidate: TriggerCandidate;
  behalf: Behalf;
}

/**
 * Starts those of a choice who fit and may run, by the organisation's word on several. The reason says who and why, and what
 * kept the others.
 */
export async function carryOut(tx: OrgTx, deps: StartRunsDeps, trigger: NewTrigger, choice: Choice): Promise<CarriedOut> {
  const { able, kept, isRefused } = await whoMay(tx, trigger, choice);
  const candidates = choice.candidates.map((one) => ({ ...one, why: withReason(one.why, kept.get(one.employee_id)) }));
  const said = { candidates, rule: choice.rule };
  const [first] = able;
  if (!first)
    return { ...said, decision: isRefused ? 'refused' : 'unmatched', started: [], reason: choice.reason || whyNobody(kept) };
  if (able.length > 1 && choice.several === 'ask') {
    return { ...said, decision: 'asked', started: [], reason: `${namesOf(able)} fit about as well: a person chooses.` };
  }
  const { started, failed } = await start(tx, deps, trigger, choice, choice.several === 'one' ? [first] : able);
  const ids = new Set(started.map(({ run }) => run.employeeId));
  const marked = candidates.map((one) => ({
    ...one,
    started: ids.has(one.employee_id),
    why: withReason(one.why, failed.get(one.employee_id)),
  }));
  if (started.length === 0) return { ...said, candidates: marked, decision: 'unmatched', started, reason: whyNobody(failed) };
  const others =
    able.length > 1 && choice.several === 'one' ? ` ${namesOf(able.slice(1))} fit too; the organisation wants one.` : '';
  const reason = `${able
    .filter(({ candidate }) => ids.has(candidate.employee_id))
    .map(({ candidate }) => candidate.why)
    .join(' ')}${others}`;
  return { ...said, candidates: marked, decision: 'started', started, reason };
}

async function whoMay(
  tx: OrgTx,
  trigger: NewTrigger,
  choice: Choice,
): Promise<{ able: Able[]; kept: Map<string, string>; isRefused: boolean }> {
  const able: Able[] = [];
  const kept = new Map<string, string>();
  let isRefused = false;
  for (const candidate of choice.candidates.slice(0, choice.fitting)) {
    const refusal = trigger.cause && refusalOf(trigger.cause, candidate.employee_id, able.length);
    if (refusal !== undefined) {
      isRefused = true;
      kept.set(candidate.employee_id, refusal);
      continue;
    }
    const behalf = await behalfOf(tx, trigger, choice, candidate);
    if (typeof behalf === 'string') kept.set(candidate.employee_id, behalf);
    else able.push({ candidate, behalf });
  }
  return { able, kept, isRefused };
}

async function start(
  tx: OrgTx,
  deps: StartRunsDeps,
  { row }: NewTrigger,
  { rule }: Choice,
  chosen: Able[],
): Promise<{ started: Started[]; failed: Map<string, string> }> {
  const started: Started[] = [];
  const failed = new Map<string, string>();
  for (const one of chosen) {
    // Whoever names an employee is told what is wrong with that.
    const result = await (rule === 'target' ? startFor : tryStart)(tx, deps, row, one);
    if (typeof result === 'string') failed.set(one.candidate.employee_id, result);
    else started.push(result);
  }
  return { started, failed };
}

function withReason(why: string, reason: string | undefined): string {
  return reason === undefined ? why : `${why} ${reason}`;
}

function whyNobody(reasons: Map<string, string>): string {
  return `Whoever fits cannot run. ${[...new Set(reasons.values())].join(' ')}`;
}

function namesOf(able: Able[]): string {
  return able.map(({ candidate }) => `${candidate.name} (${candidate.score})`).join(', ');
}
