import { sql } from 'drizzle-orm';
import { randomBytes } from 'node:crypto';
import { candidatesQuery } from '../../api/memory/candidates.ts';
import type { MemoryIndex, IndexRow } from '../../api/memory/index-key.ts';
import { recall, type RecallRequest } from '../../api/memory/recall.ts';
import { makeEmployeeId, makeGraphId } from '../../contracts/ids.ts';
import type { CoreDatabase } from '../../db/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { percentile } from '../statistics.ts';
import type { vocabulary } from './fill-memory.ts';

export interface RecallTimes {
  readonly recalls: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly max_ms: number;
  /** Entries in a window, at the median. */
  readonly entries: number;
}

export interface MeasureDeps {
  readonly db: CoreDatabase;
  readonly secrets: Pick<SecretBox, 'open'>;
  readonly orgId: string;
  readonly row: IndexRow;
  readonly employees: readonly string[];
  readonly words: ReturnType<typeof vocabulary>;
}

const WORDS_OF_MESSAGE = 25;
const WARM_UP = 30;

/** Times of whole transactions that recall, one after the other, each for a run about something else. */
export async function measureRecall(deps: MeasureDeps, recalls: number): Promise<RecallTimes> {
  const samples: number[] = [];
  const sizes: number[] = [];
  for (let n = 0; n < WARM_UP + recalls; n += 1) {
    const request = requestOf(deps, n);
    const beganMs = performance.now();
    const recalled = await deps.db.withOrgRead({ orgId: deps.orgId }, (tx) =>
      recall(tx, deps.secrets, deps.row, request, new Date()),
    );
    if (n < WARM_UP) continue;
    samples.push(performance.now() - beganMs);
    sizes.push(recalled?.used.length ?? 0);
  }
  return {
    recalls,
    p50_ms: percentile(samples, 50),
    p95_ms: percentile(samples, 95),
    max_ms: Math.max(...samples),
    entries: percentile(sizes, 50),
  };
}

/** How PostgreSQL finds the candidates of one run, as Agent-Core's role, under row-level security. */
export async function explainRecall({ db, orgId, row, employees, words }: MeasureDeps, index: MemoryIndex): Promise<string[]> {
  const asked = {
    keyId: row.keyId,
    employeeId: employees[0] ?? '',
    skills: ['answer', 'post', 'sum'],
    stems: Array.from({ length: WORDS_OF_MESSAGE }, () => index.stem(words.word(words.pick()))),
    keys: [],
    now: new Date(),
  };
  return db.withOrgRead({ orgId }, async (tx) => {
    const { rows } = await tx.db.execute<{ 'QUERY PLAN': string }>(
      sql`explain (analyze, buffers, timing off, summary on) ${candidatesQuery(orgId, asked)}`,
    );
    return rows.map((line) => line['QUERY PLAN']);
  });
}

function requestOf({ employees, words }: MeasureDeps, n: number): RecallRequest {
  const employeeId = employees[n % employees.length] ?? '';
  const text = Array.from({ length: WORDS_OF_MESSAGE }, () => words.word(words.pick())).join(' ');
  const nodes = ['answer', 'post', 'sum'].map((id) => ({
    id,
    type: 'skill' as const,
    skill_graph: `sg_${id}_v1`,
    title: `${words.word(words.pick())} ${words.word(words.pick())}`,
    permissions: [],
    input: {},
    isolation: 'child' as const,
    max_visits: 1,
  }));
  return {
    employeeId,
    graph: { graph_id: makeGraphId(employeeId, 1), type: 'employee', nodes, edges: [] },
    skillGraphs: {},
    trigger: { type: 'direct_command', payload: { text }, source: 'bench' },
  };
}

export function newEmployees(amount: number): string[] {
  return Array.from({ length: amount }, () => makeEmployeeId(randomBytes(16)));
}
