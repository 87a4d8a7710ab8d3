import type { MemoryWindow, WrittenMemory } from '../../contracts/memory.ts';
import type { RememberedBySkill } from '../../contracts/agent-core-activities.ts';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import type { SecretBox, SecretContext } from '../../platform/secrets/secret-box.ts';
import type { RunRow } from '../runs/find.ts';
import { findIndexRow, openIndex, type IndexRow } from './index-key.ts';
import { noteUsed, recall, type Recalled, type RecallRequest } from './recall.ts';
import { rememberRun } from './remember-run.ts';
import { windowOf } from './window.ts';

/** What runs have to do with memory. */
export interface RunMemory {
  /**
   * Makes sure of the keys that `recall` needs, before a transaction is open: inside of one, whoever waits for a key waits
   * with a connection in hand for another one. Costs nothing where nothing is remembered.
   */
  prepare(orgId: string): Promise<void>;
  /** The same for `remember`, which makes an organisation's first key where it has none. */
  prepareToRemember(orgId: string): Promise<void>;
  /** Looks whether there is anything to recall from; apart, so that it is asked in one go with whatever else a run needs. */
  recaller(tx: OrgTx): Promise<Recall>;
  /** What the row of a run that is open keeps for its start. */
  windowOf(tx: OrgReadTx, run: Pick<RunRow, 'runId' | 'memory'>): Promise<MemoryWindow | undefined>;
  /** Writes what its skills asked for, in the transaction that closes it. */
  remember(tx: OrgTx, run: RunRow, asks: readonly RememberedBySkill[]): Promise<WrittenMemory[]>;
}

/** What the run is given, to be sealed into its row under its id. Undefined where nothing is remembered that it may be told. */
export type Recall = (request: RecallRequest) => Promise<(Recalled & { sealFor: (runId: string) => string }) | undefined>;

const place = (orgId: string, runId: string): SecretContext => ({ purpose: 'run-memory', orgId, object: runId, field: 'memory' });
/** Organisations whose index was met by this process. */
const MAX_MET = 10_000;

export function createRunMemory({ secrets, now }: { secrets: SecretBox; now: () => Date }): RunMemory {
  const met = new Map<string, IndexRow>();

  async function meet(tx: OrgReadTx): Promise<IndexRow | undefined> {
    const row = await findIndexRow(tx);
    if (met.size >= MAX_MET) met.clear();
    if (row) met.set(tx.orgId, row);
    return row;
  }

  return {
    async prepare(orgId) {
      const row = met.get(orgId);
      if (!row) return;
      await openIndex(secrets, orgId, row).catch((error: unknown) => {
        if (!(error instanceof SealedTextError)) throw error;
        met.delete(orgId);
      });
      await secrets.sealerOf(orgId);
    },
    prepareToRemember: async (orgId) => void (await secrets.sealerOf(orgId)),
    async recaller(tx) {
      const row = await meet(tx);
      return async (request) => {
        const at = now();
        const recalled = row && (await recall(tx, secrets, row, request, at));
        if (!recalled) return undefined;
        tx.lastly(() => noteUsed(tx, recalled.used, at));
        const seal = await secrets.sealerOf(tx.orgId);
        const text = JSON.stringify(recalled.window);
        return { ...recalled, sealFor: (runId) => seal(place(tx.orgId, runId), text) };
      };
    },
    windowOf: async (tx, { runId, memory }) =>
      memory === null ? undefined : windowOf(await secrets.open(place(tx.orgId, runId), memory)),
    remember: (tx, run, asks) => rememberRun(tx, secrets, run, asks, now()),
  };
}
