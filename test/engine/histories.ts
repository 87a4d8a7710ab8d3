import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { History } from '@temporalio/common/lib/proto-utils.js';

const FOLDER = new URL('../../workflows/histories/', import.meta.url);

export interface RecordedHistory {
  /** `everything.run`, `everything.skill_digest` ... */
  name: string;
  workflowId: string;
  temporalRunId: string;
  history: History;
}

/** The committed histories. Re-recording one to make a red test green is a defect: running runs have such histories. */
export async function readHistories(): Promise<RecordedHistory[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const { workflow_id, temporal_run_id, history } = JSON.parse(
        await readFile(new URL(file, FOLDER), 'utf8'),
      ) as StoredHistory;
      return {
        name: file.replace(/\.json$/, ''),
        workflowId: workflow_id,
        temporalRunId: temporal_run_id,
        history: historyFromJSON(history),
      };
    }),
  );
}

export async function writeHistory({ name, workflowId, temporalRunId, history }: RecordedHistory): Promise<void> {
  const stored: StoredHistory = {
    workflow_id: workflowId,
    temporal_run_id: temporalRunId,
    history: JSON.parse(historyToJSON(history)),
  };
  await mkdir(FOLDER, { recursive: true });
  await writeFile(new URL(`${name}.json`, FOLDER), `${JSON.stringify(stored, withoutMachine, 1)}\n`);
}

/** Leaves out what tells of the machine that recorded, and no replay looks at. */
function withoutMachine(member: string, value: unknown): unknown {
  if (member === 'stackTrace' || member === 'identity' || member === 'workerVersion') return undefined;
  return member === 'taskQueue' ? { name: 'agent-workers' } : value;
}

interface StoredHistory {
  workflow_id: string;
  temporal_run_id: string;
  history: unknown;
}
