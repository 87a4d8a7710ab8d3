import { ClancyError, type ErrorCode } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { RehearsedQuestion } from '../../contracts/rehearsal.ts';
import type { ProxySuccess } from '../../contracts/call.ts';
import type { HubDatabase } from '../../db/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { digestOf, type Call } from '../proxy/call.ts';
import { checkParameters, judgeRules, type ClearanceDeps } from '../proxy/clearance.ts';
import { openResult } from '../proxy/sealed-result.ts';
import { checkRehearsedStanding, loadStanding, type Cleared } from '../proxy/standing.ts';
import type { Capability } from '../providers/registry.ts';
import { makeAnswer } from './make-answer.ts';
import { refersToInvented } from './invented-ids.ts';
import { findNote, keepNote, openNote, type Note, type NoteRow } from './notes.ts';
import { findRecordedRead } from './recorded-reads.ts';
import { answerOfPeople, loadTerms, type Terms } from './terms.ts';

export interface RehearseDeps extends ClearanceDeps {
  database: HubDatabase;
  secretBox: SecretBox;
}

/** A no that the real run would have got: it is one of the things that a rehearsal shows. */
const SHOWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'capability_suspended',
  'parameters_invalid',
  'grant_missing',
  'capability_scope_missing',
  'membership_missing',
  'permission_missing',
  'policy_denied',
  'connection_missing',
  'connection_needs_reauth',
  'scope_missing',
  'provider_refused',
]);

/**
 * One use of a capability in a rehearsal. A call that changes something is judged like any other and then answered here:
 * nothing is sent, no key is stored in the ledger, no budget is touched, no person is asked. A read is answered by what an
 * earlier run read, or goes to the provider (`read`).
 *
 * @throws ClancyError with the code of what would have stood in the way
 */
export async function rehearseCall(deps: RehearseDeps, call: Call, read: () => Promise<ProxySuccess>): Promise<ProxySuccess> {
  const known = await deps.database.withOrgRead(call, (tx) => findNote(tx, call.callId));
  if (known && known.answeredBy !== 'provider') return answerAgain(deps, call, known);
  const capability = checkKnown(call);
  try {
    return await answer(deps, call, capability, read);
  } catch (error) {
    if (error instanceof ClancyError && SHOWN.has(error.code)) {
      const { account, question } = error instanceof Refused ? error : { account: undefined, question: undefined };
      await keepNote(deps, call, capability, { answeredBy: 'nobody', accountName: account, question, error });
    }
    throw error;
  }
}

async function answer(
  deps: RehearseDeps,
  call: Call,
  capability: Capability,
  read: () => Promise<ProxySuccess>,
): Promise<ProxySuccess> {
  checkParameters(call);
  const { cleared, terms } = await standingOf(deps, call, capability);
  const question = await judged(deps, call, capability, cleared, terms);
  const { accountName } = cleared;
  if (capability.definition.risk === 'read') {
    const recorded = await recordedRead(deps, call, terms);
    if (recorded) return noted(deps, call, capability, { ...recorded, accountName, question });
    // What a person would have to allow first is not read on the word of whoever rehearses.
    if (!question && !(await refersToInvented(deps, call))) return readNoted(deps, call, capability, { accountName }, read);
  }
  return noted(deps, call, capability, { ...(await makeAnswer(deps, call, capability)), accountName, question });
}

/** The rights as they stand, the connections of the rehearsal in the place of grants. */
function standingOf(deps: RehearseDeps, call: Call, capability: Capability): Promise<{ cleared: Cleared; terms: Terms }> {
  return deps.database.withOrgRead(call, async (tx) => {
    const cleared = checkRehearsedStanding(await loadStanding(tx, call), call, capability);
    const terms = await loadTerms(tx, call.ticket.runId);
    if (!terms) throw new ClancyError('run_not_open', 'The run of this ticket is no rehearsal.');
    return { cleared, terms };
  });
}

/** A no of the policy, with whom it would have asked. */
class Refused extends ClancyError {
  readonly account: string;
  readonly question: RehearsedQuestion | undefined;

  constructor(message: string, account: string, question?: RehearsedQuestion) {
    super('policy_denied', message);
    this.account = account;
    this.question = question;
  }
}

/** @throws ClancyError `policy_denied` */
async function judged(
  deps: RehearseDeps,
  call: Call,
  capability: Capability,
  { rules, accountName }: Cleared,
  terms: Terms,
): Promise<RehearsedQuestion | undefined> {
  const decision = await judgeRules(deps, call, capability, rules);
  if (decision.effect === 'deny') throw new Refused(`The policy forbids it: ${decision.reason}`, accountName);
  if (decision.effect === 'allow') return undefined;
  const question = answerOfPeople(terms, capability.qualified, decision);
  if (question.answer === 'approve') return question;
  throw new Refused('A person would have been asked, and the rehearsal takes their answer for a no.', accountName, question);
}

async function recordedRead(deps: RehearseDeps, call: Call, { readsFrom }: Terms): Promise<Note | undefined> {
  if (readsFrom === null) return undefined;
  const entry = await deps.database.withOrgRead(call, (tx) => findRecordedRead(tx, call, readsFrom));
  if (!entry) return undefined;
  return { answeredBy: 'recorded', basis: entry.key, result: await openResult(deps.secretBox, call.orgId, entry) };
}

async function readNoted(
  deps: RehearseDeps,
  call: Call,
  capability: Capability,
  note: Pick<Note, 'accountName'>,
  read: () => Promise<ProxySuccess>,
): Promise<ProxySuccess> {
  const answered = await read();
  await keepNote(deps, call, capability, { ...note, answeredBy: 'provider' });
  return answered;
}

async function noted(deps: RehearseDeps, call: Call, capability: Capability, note: Note): Promise<ProxySuccess> {
  const kept = await keepNote(deps, call, capability, note);
  // Of two attempts at once the first one's answer holds.
  return kept.result === null || note.result === undefined ? answerAgain(deps, call, kept) : success(call, note.result, false);
}

/** The same call again: nothing is made up twice. */
async function answerAgain(deps: RehearseDeps, call: Call, row: NoteRow): Promise<ProxySuccess> {
  if (row.capability !== call.qualified || row.digest !== digestOf(call, row.capabilityVersion)) {
    throw new ClancyError('call_digest_conflict', 'This call id was rehearsed with other parameters.');
  }
  if (row.errorCode !== null) throw storedRefusal(row);
  const { result } = await openNote(deps.secretBox, row);
  return success(call, result ?? null, true);
}

function storedRefusal({ errorCode, errorMessage }: NoteRow): ClancyError {
  const code = [...SHOWN].find((one) => one === errorCode);
  return new ClancyError(code ?? 'policy_denied', errorMessage ?? 'The call was refused.');
}

function success(call: Call, result: Json, replayed: boolean): ProxySuccess {
  return { call_id: call.callId, status: 'succeeded', result, replayed, rehearsed: true };
}

function checkKnown({ capability, qualified }: Call): Capability {
  if (capability) return capability;
  throw new ClancyError('capability_unknown', `There is no capability ${qualified}.`, { next: 'See GET /capabilities.' });
}
