import type { ExecutionResultAnswer, RunAnswer, RunMemoryAnswer } from '../client/answers/runs.ts';
import { oneLine, safeJson } from '../output/plain-text.ts';
import { fields, page, section } from '../output/table.ts';
import { formatDuration, formatInstant } from '../output/time.ts';
import { waitingHint } from './waiting-hint.ts';

/** A run as a person wants it: how it stands, what it waits for and what to do about it, what came out. */
export function renderRun(run: RunAnswer): string {
  const state = fields([
    ['Run', run.run_id],
    ['Status', run.status],
    ['Error', run.result?.error_code ?? run.error_code],
    ['Reason', run.result?.error],
    ['Execution', run.execution_id],
    ['Trigger', [run.trigger.type, run.trigger.source].filter((word) => word !== undefined).join(' by ')],
    ['Chosen', run.supervisor?.reason],
    ['Runner-up', run.supervisor?.runner_up ? `${run.supervisor.runner_up.name} (${run.supervisor.runner_up.score})` : undefined],
    ['Trigger id', run.supervisor?.trigger_id],
    ['Requested', formatInstant(run.requested_at)],
    ['Started', formatInstant(run.started_at)],
    ['Ended', formatInstant(run.finished_at)],
    ['Stands since', run.waiting_since ? formatInstant(run.waiting_since) : undefined],
    ['Took', run.result ? formatDuration(run.result.execution_time_ms) : undefined],
    ['Trace', run.trace_id],
    ['Web UI', run.links?.temporal_ui],
  ]);
  return page([
    state,
    ...section('Waits on', run.waiting_on.map((reason) => `${oneLine(reason)}${waitingHint(reason)}`).join('\n')),
    ...(run.memory ? renderMemory(run.memory) : []),
    ...(run.result ? renderResult(run.result) : []),
  ]);
}

function renderMemory({ used, written, refused }: RunMemoryAnswer): string[] {
  const nameOf = (key: string | null | undefined): string => (key == null ? '(forgotten)' : oneLine(key));
  const refusals = refused.map(({ reason, message }) => `${reason}: ${oneLine(message)}`);
  return [
    ...section(`Used ${used.length} memories`, fields(used.map(({ memory_id, key }) => [memory_id, nameOf(key)]))),
    ...section('Remembered', fields(written.map(({ memory_id, key, outcome }) => [memory_id, `${nameOf(key)} (${outcome})`]))),
    ...section('Not remembered', refusals.join('\n')),
  ];
}

function renderResult(result: ExecutionResultAnswer): string[] {
  const skills = result.hierarchical_events.map(({ run_id, status }) => [run_id.split(':skill:')[1] ?? run_id, status] as const);
  return [
    ...section('Skills', fields(skills)),
    ...section('Capabilities used', result.capabilities_used.map(oneLine).join('\n')),
    ...section('Result', Object.keys(result.result).length === 0 ? '' : safeJson(result.result, 2)),
  ];
}
