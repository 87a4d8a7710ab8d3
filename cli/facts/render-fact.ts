import type { FactAnswer } from '../client/answers/facts.ts';
import { oneLine, safeJson } from '../output/plain-text.ts';
import { formatInstant } from '../output/time.ts';

const WIDTH = 160;

/** One fact as a line; what it says is cut. */
export function renderFact({ seq, at, kind, run_id, employee_id, data }: FactAnswer): string {
  const about = run_id ?? employee_id ?? '';
  const text = oneLine(safeJson(data));
  return [`#${seq}`, formatInstant(at), kind, about, text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text]
    .filter((part) => part !== '')
    .join('  ');
}
