import type { Json } from '../../contracts/json.ts';
import type { AgentEventAnswer } from '../client/answers/runs.ts';
import { oneLine, safeJson, shorten } from '../output/plain-text.ts';
import { padToWidth } from '../output/width.ts';
import { formatTimeOfDay } from '../output/time.ts';

const KIND_WIDTH = 'approval.requested'.length;
const DATUM_LENGTH = 80;

/** One event as one line: time, what, where within the run, and its data. */
export function renderEvent(event: AgentEventAnswer, runId: string): string {
  const where = event.run_id.startsWith(`${runId}:`) ? event.run_id.slice(runId.length + 1).replace(/^skill:/, '') : '';
  const data = Object.entries(event.data).map(([name, value]) => `${oneLine(name)}=${renderDatum(value)}`);
  const words = [formatTimeOfDay(event.timestamp), padToWidth(oneLine(event.kind), KIND_WIDTH), oneLine(where), ...data];
  return words
    .filter((word) => word !== '')
    .join('  ')
    .trimEnd();
}

function renderDatum(value: Json): string {
  return shorten(typeof value === 'string' ? oneLine(value) : safeJson(value), DATUM_LENGTH);
}
