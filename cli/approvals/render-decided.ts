import type { DecidedManyAnswer } from '../client/answers/approvals.ts';
import { shorten } from '../output/plain-text.ts';
import { table } from '../output/table.ts';

/** What became of each decision, a line each. */
export function renderDecided({ results }: DecidedManyAnswer): string {
  if (results.length === 0) return 'Nothing waits for an answer.';
  return table(
    ['APPROVAL', 'NOW', 'ASKED FOR', 'QUESTION OR REASON'],
    results.map(({ approval_id: id, approval, code, detail }) =>
      approval
        ? [id, approval.status, approval.call?.capability ?? 'an answer', shorten(approval.question, 60)]
        : [id, `not decided (${code ?? 'refused'})`, '-', shorten(detail ?? '', 100)],
    ),
  );
}
