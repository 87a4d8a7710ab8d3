import type { CandidateAnswer, SentTriggerAnswer, TriggerAnswer } from '../client/answers/triggers.ts';
import { oneLine, safeJson } from '../output/plain-text.ts';
import { fields, page, section, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';

/** What became of a trigger at once, and where to look on. */
export function renderSent({ trigger_id, decision, runs }: SentTriggerAnswer): string {
  return fields([
    ['Trigger', trigger_id],
    ['Decision', decision],
    ...runs.map(({ run_id }) => ['Run', run_id] as const),
    ['Why', `clancy triggers show ${trigger_id}`],
    ['Decide', decision === 'asked' ? `clancy triggers decide ${trigger_id} <employee>` : undefined],
  ]);
}

/** A trigger with the supervisor's decision. Its words and payload may come from outside. */
export function renderTrigger(trigger: TriggerAnswer): string {
  const { candidates, payload, text } = trigger;
  return page([
    fields([
      ['Trigger', trigger.trigger_id],
      ['Sent', `${formatInstant(trigger.at)} by ${trigger.sent_by}`],
      ['Event', trigger.type],
      ['Decision', trigger.decision],
      ['Rule', trigger.rule],
      ['Reason', trigger.reason],
      ['Decided by', trigger.decided_by],
      ...trigger.runs.map(({ run_id }) => ['Run', run_id] as const),
    ]),
    ...section(
      'Considered',
      candidates.length === 0 ? '' : table(['EMPLOYEE', 'NAME', 'SCORE', 'STARTED', 'WHY'], candidates.map(toRow)),
    ),
    ...section('Text', oneLine(text ?? '')),
    ...section('Payload', Object.keys(payload).length === 0 ? '' : safeJson(payload, 2)),
  ]);
}

function toRow({ employee_id, name, score, started, why }: CandidateAnswer): string[] {
  return [employee_id, name, String(score), started ? 'yes' : 'no', why];
}
