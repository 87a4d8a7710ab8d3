import type { Json } from '../../contracts/json.ts';
import type { AgentEventAnswer } from '../client/answers/runs.ts';
import { oneLine, safeJson, shorten } from '../output/plain-text.ts';
import { padToWidth } from '../output/width.ts';
import { formatTimeOfDay } from '../output/time.ts';

const KIND_WIDTH = 'micro_agent.completed'.length;
const DATUM_LENGTH = 80;

/** What a person wants of the frequent kinds; of any other kind, everything is shown. `--json` always has it all. */
const TELLING: { readonly [kind: string]: readonly string[] } = {
  'run.started': ['source'],
  'run.completed': ['execution_time_ms'],
  'skill.started': ['title'],
  'skill.completed': ['skill_run', 'calls_made', 'taken_from_earlier_run'],
  'micro_agent.completed': ['path', 'items'],
  'call.requested': ['capability', 'parameters'],
  'call.succeeded': ['capability', 'provider_effect_id'],
  'supervisor.decided': ['node', 'next', 'by', 'reason'],
  'approval.requested': ['approval_id', 'question'],
};

/** One event as one line: time, what, where within the run, and its data. Ids lose the part that the run is named by. */
export function renderEvent(event: AgentEventAnswer, runId: string): string {
  const where = event.run_id === runId ? '' : withinRun(event.run_id, runId);
  const names = TELLING[event.kind] ?? Object.keys(event.data);
  const data = names.map((name) => renderDatum(name, event.data[name], runId));
  const words = [formatTimeOfDay(event.timestamp), padToWidth(oneLine(event.kind), KIND_WIDTH), oneLine(where), ...data];
  return words
    .filter((word) => word !== '')
    .join('  ')
    .trimEnd();
}

function renderDatum(name: string, value: Json | undefined, runId: string): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0 && name === 'items')) return '';
  return `${oneLine(name)}=${shorten(wordDatum(value, runId), DATUM_LENGTH)}`;
}

function wordDatum(value: Json, runId: string): string {
  if (typeof value === 'string') return oneLine(withinRun(value, runId));
  const isWords = Array.isArray(value) && value.every((word) => typeof word === 'string');
  return isWords ? value.map(oneLine).join(', ') || 'nothing' : safeJson(value);
}

function withinRun(id: string, runId: string): string {
  return id.startsWith(`${runId}:`) ? id.slice(runId.length + 1).replace(/^skill:/, '') : id;
}
