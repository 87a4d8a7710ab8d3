import type { Client } from '@temporalio/client';
import { parseSkillRunId } from '../../contracts/ids.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import { SEARCH_ATTRIBUTES } from '../temporal/search-attributes.ts';
import type { RunEngine } from '../temporal/run-engine.ts';
import { isOpen, type RunRow } from './find.ts';

export interface Waiting {
  on: string[];
  /** Since when nothing has come on: the newest event of the workflow that has stood longest. */
  since: Date | undefined;
}

/** What open runs stand still for. Temporal knows; while it is away, what the row says is all that is known. */
export interface WaitingReader {
  of(run: RunRow): Promise<Waiting>;
  /** For lists: one query, a moment behind. */
  ofMany(runs: readonly RunRow[]): Promise<ReadonlyMap<string, string[]>>;
}

/** Open children looked at for one answer. */
const MAX_CHILDREN = 50;
const QUERY_TIMEOUT_MS = 2_000;

type WaitingEngine = Pick<RunEngine, 'describe' | 'lastEventAt'>;

export function createWaitingReader(deps: { engine: WaitingEngine; client: Client }): WaitingReader {
  return {
    of: async (run) => {
      if (run.status !== 'running') return { on: ofRow(run), since: undefined };
      const live = await liveWaiting(deps.engine, run).catch((error: unknown) => ({ on: [unread(error)], since: undefined }));
      return { on: unique([...ofRow(run), ...live.on]), since: live.since };
    },
    ofMany: async (runs) => {
      const running = runs.filter(({ status }) => status === 'running');
      const live = running.length === 0 ? [] : await visible(deps.client, running).catch(() => []);
      return new Map(
        runs.map((run) => [
          run.runId,
          unique([...ofRow(run), ...live.filter((one) => one.run === run.runId).flatMap(({ waitingOn }) => waitingOn)]),
        ]),
      );
    },
  };
}

/** Temporal answered with what no key opens: the run's tasks fail for the same reason. */
function unread(error: unknown): 'engine' | 'temporal' {
  return error instanceof SealedTextError ? 'engine' : 'temporal';
}

function ofRow(run: RunRow): string[] {
  return isOpen(run) && run.waitingOn !== null ? [run.waitingOn] : [];
}

async function liveWaiting(engine: WaitingEngine, run: RunRow): Promise<Waiting> {
  const root = await engine.describe(run.runId);
  if (!root) return { on: [], since: undefined };
  const ids = root.openChildren.slice(0, MAX_CHILDREN);
  const children = await Promise.all(ids.map(async (id) => ({ id, state: await engine.describe(id) })));
  const standing = [{ id: run.runId, state: root }, ...children].filter(
    ({ state }) => state !== undefined && (state.waitingOn.length > 0 || state.stuckOn !== undefined),
  );
  const stood = await Promise.all(standing.map(({ id }) => engine.lastEventAt(id)));
  return { on: standing.flatMap(({ state }) => state?.waitingOn ?? []), since: earliest(stood) };
}

function earliest(dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.filter((date) => date !== undefined).toSorted((one, other) => one.getTime() - other.getTime())[0];
}

/** Run ids are of our own making and hold no quote; the filter holds for whatever comes. */
async function visible(client: Client, runs: readonly RunRow[]): Promise<{ run: string; waitingOn: string[] }[]> {
  const ids = runs.map(({ runId }) => runId).filter((id) => !/['"\\]/.test(id));
  const list = ids.map((id) => `'${id}'`).join(', ');
  // Not by root: that of a schedule's run is the schedule's workflow.
  const query = `(WorkflowId IN (${list}) OR ParentWorkflowId IN (${list})) AND ExecutionStatus = 'Running'`;
  return client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, async () => {
    const found: { run: string; waitingOn: string[] }[] = [];
    for await (const workflow of client.workflow.list({ query })) {
      const waitingOn = workflow.typedSearchAttributes.get(SEARCH_ATTRIBUTES.waitingOn) ?? [];
      found.push({ run: parseSkillRunId(workflow.workflowId)?.run ?? workflow.workflowId, waitingOn });
    }
    return found;
  });
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)].toSorted();
}
