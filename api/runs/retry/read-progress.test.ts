import { describe, expect, it } from 'vitest';
import { defaultPayloadConverter } from '@temporalio/common';
import { employeeGraphSchema } from '../../../contracts/employee-graph.ts';
import type { HistoryEvent } from '../../../platform/run-events/history-event.ts';
import { readHistories } from '../../../test/engine/histories.ts';
import { readProgress, type EarlierRun } from './read-progress.ts';

const node = { type: 'skill', skill_graph: 'sg_x_v1', title: 'x', permissions: [], input: {} };
const graph = employeeGraphSchema.parse({
  graph_id: 'emp_x_v1',
  type: 'employee',
  nodes: ['digest', 'beside', 'round', 'never'].map((id) => ({ ...node, id })),
  edges: [
    { from: 'digest', to: 'round' },
    { from: 'beside', to: 'round' },
    { from: 'round', to: 'round', loop: true, when: 'true' },
    { from: 'round', to: 'never', when: 'false' },
  ],
});

/** An engine that holds these histories, by workflow id. */
function holding(histories: Map<string, HistoryEvent[]>) {
  return { history: async (workflowId: string) => histories.get(workflowId) };
}

async function recorded(name: string): Promise<{ run: EarlierRun; histories: Map<string, HistoryEvent[]> }> {
  const all = (await readHistories()).filter((one) => one.name.startsWith(`${name}.`));
  const histories = new Map(all.map(({ workflowId, history }) => [workflowId, history.events ?? []]));
  const { workflowId, temporalRunId } = all.find((one) => one.name === `${name}.run`)!;
  return { run: { runId: workflowId, temporalRunId, graph, resume: undefined }, histories };
}

const codeOf = (work: Promise<unknown>) => work.catch((error: unknown) => (error as { code?: string }).code);

describe('what a retry goes on from', () => {
  it('are the results of finished skills, child and inline, and the ways that were decided after each visit', async () => {
    const { run, histories } = await recorded('everything');
    const skills = await readProgress(holding(histories), run);
    expect(Object.keys(skills).toSorted()).toEqual(['beside', 'digest', 'round', 'round~2']);
    expect(skills['digest']).toMatchObject({ result: { output: [2, 1] }, threads: {} });
    expect(skills['beside']).toMatchObject({ result: { calls_made: 1, capabilities_used: ['slack/slack.post'] } });
    expect(skills['round']?.ways).toEqual({ '2': true, '3': false });
    expect(skills['round~2']?.ways).toEqual({ '3': false });
  });

  it('is, of a skill that did not finish, its last burst with the requests that are made again', async () => {
    const { run, histories } = await recorded('cancelled');
    const { slow } = await readProgress(holding(histories), run);
    expect(slow).toMatchObject({ threads: { '': { count: 1, last: { kind: 'waiting', requests: [{ kind: 'wait' }] } } } });
    expect(slow?.result).toBeUndefined();
  });

  it('is what an earlier retry had gone on from, where its history tells nothing newer', async () => {
    const { run, histories } = await recorded('cancelled');
    const result = { output: 1, micro_agents: [], capabilities_used: [], calls_made: 4 };
    const before = { threads: {}, micro_agents: [], capabilities_used: [], calls_made: 4, result };
    const skills = await readProgress(holding(histories), { ...run, resume: { other: before } });
    expect(skills['other']).toEqual(before);
    expect(Object.keys(skills)).toEqual(['other', 'slow']);
  });

  it('is nothing for a run that never started', async () => {
    const { run } = await recorded('cancelled');
    expect(await readProgress(holding(new Map()), { ...run, temporalRunId: null })).toEqual({});
  });

  it('is gone with the history of the run or of a skill that did not finish', async () => {
    const { run, histories } = await recorded('cancelled');
    expect(await codeOf(readProgress(holding(new Map()), run))).toBe('history_gone');
    const withoutSkill = new Map([...histories].filter(([workflowId]) => workflowId === run.runId));
    expect(await codeOf(readProgress(holding(withoutSkill), run))).toBe('history_gone');
  });

  it('is not guessed where a history holds what no worker of ours writes', async () => {
    const { run, histories } = await recorded('cancelled');
    const forged = structuredClone(histories.get(`${run.runId}:skill:slow`)!);
    const marker = forged.find(({ markerRecordedEventAttributes: own }) => own?.details?.['result']?.payloads?.[0]);
    const results = forged.filter(({ markerRecordedEventAttributes: own }) => own?.details?.['result']);
    for (const { markerRecordedEventAttributes: own } of results) {
      own!.details!['result']!.payloads = [defaultPayloadConverter.toPayload({ kind: 'waiting', requests: 'all' })];
    }
    expect(marker).toBeDefined();
    histories.set(`${run.runId}:skill:slow`, forged);
    expect(await codeOf(readProgress(holding(histories), run))).toBe('history_gone');
  });

  it('is not read while a workflow of the run is still being ended', async () => {
    const { run, histories } = await recorded('cancelled');
    for (const workflowId of histories.keys()) {
      const open = new Map(histories).set(workflowId, histories.get(workflowId)!.slice(0, -1));
      expect(await codeOf(readProgress(holding(open), run))).toBe('dependency_unavailable');
    }
  });
});
