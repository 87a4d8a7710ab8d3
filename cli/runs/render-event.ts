import type { Json } from '../../contracts/json.ts';
import type { AgentEventAnswer } from '../client/answers/runs.ts';
import { oneLine, safeJson, shorten } from '../output/plain-text.ts';
import { padToWidth } from '../output/width.ts';
import { formatTimeOfDay } from '../output/time.ts';

const KIND_WIDTH = 'approval.requested'.length;
const DATUM_LENGTH = 80;

/** One event as one line: time, what, where within the run, and its data. Ids lose the part that the run is named by. */
export function renderEvent(event: AgentEventAnswer, runId: string): string {
  const where = event.run_id === runId ? '' : withinRun(event.run_id, runId);
  const data = Object.entries(event.data).map(([name, value]) => `${oneLine(name)}=${renderDatum(value, runId)}`);
  const words = [formatTimeOfDay(event.timestamp), padToWidth(oneLine(event.kind), KIND_WIDTH), oneLine(where), ...data];
  return words
    .filter((word) => word !== '')
    .join('  ')
    .trimEnd();
}

function renderDatum(value: Json, runId: string): string {
  return shorten(typeof value === 'string' ? oneLine(withinRun(value, runId)) : safeJson(value), DATUM_LENGTH);
}

function withinRun(id: string, runId: string): string {
  return id.startsWith(`${runId}:`) ? id.slice(runId.length + 1).replace(/^skill:/, '') : id;
}
