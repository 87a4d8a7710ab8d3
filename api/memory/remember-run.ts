import { ClancyError } from '../../contracts/errors.ts';
import { parseSkillRunId } from '../../contracts/ids.ts';
import { MAX_MEMORIES_OF_RUN, MAX_MEMORY_VALUE_BYTES, type MemoryAsk, type WrittenMemory } from '../../contracts/memory.ts';
import type { RememberedBySkill } from '../../contracts/agent-core-activities.ts';
import type { RunPlan } from '../../contracts/run.ts';
import type { OrgTx } from '../../db/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { RunRow } from '../runs/find.ts';
import { holdsSecret } from './holds-secret.ts';
import { ensureIndex } from './index-key.ts';
import { writeMemory, type NewMemory, type Place } from './write.ts';

type Wanted = Exclude<MemoryAsk, { refused: unknown }> & { skill_run: string };
type Refused = Extract<WrittenMemory, { message: string }>;

const DAY_MS = 24 * 60 * 60_000;

/**
 * Writes what the skills of a run that ends asked to be remembered, and tells what came of each. A worker can ask for nothing
 * that the run's graphs do not declare.
 *
 * @throws ClancyError `ids_disagree` for a skill of another run, `invalid_request` for what no graph of it declares.
 */
export async function rememberRun(
  tx: OrgTx,
  secrets: Pick<SecretBox, 'open' | 'seal' | 'sealerOf'>,
  run: Pick<RunRow, 'runId' | 'employeeId' | 'intent'>,
  asks: readonly RememberedBySkill[],
  now: Date,
): Promise<WrittenMemory[]> {
  const refused: Refused[] = [];
  const wanted: Wanted[] = [];
  for (const ask of asks) {
    const node = nodeOf(run, ask.skill_run);
    if ('refused' in ask) refused.push(refusalOf(ask));
    else if (!isDeclared(run.intent.plan, ask)) {
      throw new ClancyError('invalid_request', `No graph of the skill ${node} asks for this to be remembered.`);
    } else if (holdsSecret(ask.key, ask.value)) {
      const message = 'It looks like a credential, which nobody is to remember.';
      refused.push({ skill_run: ask.skill_run, path: ask.path, outcome: 'holds_secret', message });
    } else wanted.push(ask);
  }
  const kept = wanted.slice(0, MAX_MEMORIES_OF_RUN);
  const left = wanted.length - kept.length;
  const last = kept.at(-1);
  if (left > 0 && last) {
    const message = `${left} more than the ${MAX_MEMORIES_OF_RUN} that a run may remember`;
    refused.push({ skill_run: last.skill_run, path: '', outcome: 'too_many', message });
  }
  return [...(await writeAll(tx, secrets, run, kept, now)), ...refused];
}

async function writeAll(
  tx: OrgTx,
  secrets: Pick<SecretBox, 'open' | 'seal' | 'sealerOf'>,
  { runId, employeeId }: Pick<RunRow, 'runId' | 'employeeId'>,
  wanted: readonly Wanted[],
  now: Date,
): Promise<WrittenMemory[]> {
  if (wanted.length === 0) return [];
  const index = await ensureIndex(secrets, tx);
  const writing = { index, seal: await secrets.sealerOf(tx.orgId), now };
  // In one order for all: runs that end at once and know of the same things would hold each other's rows otherwise.
  const ordered = wanted
    .map((ask) => ({ ask, hash: index.key(ask.key) }))
    .sort((one, other) => (one.hash < other.hash ? -1 : Number(one.hash > other.hash)));
  const written: WrittenMemory[] = [];
  for (const { ask } of ordered) {
    const { skill_run, path } = ask;
    const author = { writer: 'run' as const, by: runId, skillRun: skill_run, path, employeeId };
    written.push({ skill_run, path, ...(await writeMemory(tx, writing, memoryOf(ask, employeeId, now), author)) });
  }
  return written;
}

function memoryOf(ask: Wanted, employeeId: string, now: Date): NewMemory {
  const { kind, key, value, confidence, expires_in_days: days } = ask;
  const node = parseSkillRunId(ask.skill_run)?.node ?? '';
  const expiresAt = days === undefined ? null : new Date(now.getTime() + days * DAY_MS);
  return { ...placeOf(ask.scope, employeeId, node), kind, key, value, confidence, expiresAt };
}

export function placeOf(scope: Place['scope'], employeeId: string, skill: string): Place {
  if (scope === 'organisation') return { scope, owner: '', skill: '' };
  return { scope, owner: employeeId, skill: scope === 'skill' ? skill : '' };
}

function nodeOf({ runId, intent }: Pick<RunRow, 'runId' | 'intent'>, skillRun: string): string {
  const parts = parseSkillRunId(skillRun);
  const isOurs = parts?.run === runId && intent.intent.graph_spec.nodes.some(({ id }) => id === parts.node);
  if (!parts || !isOurs) throw new ClancyError('ids_disagree', 'What is to be remembered is of another run.');
  return parts.node;
}

/** Skill graphs say what may be remembered; what it says is up to the run, within the bounds. */
function isDeclared({ skill_graphs }: RunPlan, { scope, kind, value }: Wanted): boolean {
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_MEMORY_VALUE_BYTES) return false;
  return Object.values(skill_graphs).some(({ remember = [] }) =>
    remember.some((declared) => declared.scope === scope && declared.kind === kind),
  );
}

function refusalOf(ask: Extract<RememberedBySkill, { refused: unknown }>): Refused {
  return { skill_run: ask.skill_run, path: ask.path, outcome: ask.refused, message: ask.message };
}
